/**
 * The program's import graph, as the runtime resolves it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { projectPath, ROOT } from "./layers.ts";

/** For each file of the project, the files of the project that it imports. */
export type ModuleGraph = ReadonlyMap<string, readonly string[]>;

interface ModuleInfo {
  readonly kind?: string;
  readonly specifier: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

/**
 * The graph below `entries`, type imports included.
 *
 * A module imported as text is a leaf to the runtime; its own imports count
 * here too, since it runs in the end.
 */
export async function readGraph(
  entries: readonly string[],
  root = ROOT,
): Promise<ModuleGraph> {
  const graph = new Map<string, string[]>();
  const starts = [...entries];
  for (const start of starts) {
    for (const module of await modulesOf(start, root)) {
      assert.equal(module.error, undefined, `${start}: ${module.error}`);
      const path = projectPath(module.specifier, root);
      if (!isOwn(path)) continue;
      if (module.kind === "external") starts.push(path);
      else graph.set(path, importsOf(module, root));
    }
  }
  return graph;
}

async function modulesOf(
  start: string,
  root: string,
): Promise<readonly ModuleInfo[]> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", start],
    cwd: new URL(root),
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

function importsOf(
  { dependencies = [] }: ModuleInfo,
  root: string,
): string[] {
  const paths = dependencies.flatMap(({ code, type }) =>
    [code?.specifier, type?.specifier].filter((one) => one !== undefined)
      .map((specifier) => projectPath(specifier, root))
  );
  return [...new Set(paths.filter(isOwn))];
}

function isOwn(path: string): boolean {
  return /\.tsx?$/.test(path) && !path.includes(":");
}

/** One cycle of the graph as `a → b → a`, or `undefined` without one. */
export function cycleOf(graph: ModuleGraph): string | undefined {
  const done = new Set<string>();
  const trail: string[] = [];
  function visit(path: string): string | undefined {
    if (trail.includes(path)) {
      return [...trail.slice(trail.indexOf(path)), path].join(" → ");
    }
    if (done.has(path)) return undefined;
    trail.push(path);
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    trail.pop();
    done.add(path);
    return undefined;
  }
  for (const path of graph.keys()) {
    const cycle = visit(path);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
