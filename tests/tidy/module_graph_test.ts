import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { cycleOf, readGraph } from "./module_graph.ts";

/** A project of a few files that goes away with the test. */
function newProject(files: Record<string, string>) {
  const path = Deno.makeTempDirSync();
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(`${path}/${name}`, text);
  }
  return {
    root: `${pathToFileURL(Deno.realPathSync(path)).href}/`,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

Deno.test("readGraph follows values, types and modules imported as text", async () => {
  using project = newProject({
    "main.ts": `import { a } from "./a.ts";
      import text from "./worker.ts" with { type: "text" };
      console.log(a, text);`,
    "a.ts": 'import type { B } from "./b.ts"; import "./d.tsx"; ' +
      "export const a: B = 1;",
    "d.tsx": "export const d = 1;",
    "b.ts": "export type B = number;",
    "worker.ts": 'import { c } from "./c.ts"; console.log(c);',
    "c.ts": "export const c = 1;",
    "dead.ts": "export const dead = 1;",
  });
  const graph = await readGraph(["main.ts"], project.root);
  assert.deepEqual(Object.fromEntries(graph), {
    "a.ts": ["b.ts", "d.tsx"],
    "b.ts": [],
    "c.ts": [],
    "d.tsx": [],
    "main.ts": ["a.ts", "worker.ts"],
    "worker.ts": ["c.ts"],
  });
});

Deno.test("readGraph fails when a file is missing", async () => {
  using project = newProject({ "main.ts": 'import "./gone.ts";' });
  await assert.rejects(readGraph(["main.ts"], project.root), /gone\.ts/);
  await assert.rejects(readGraph(["none.ts"], project.root), /none\.ts/);
});

Deno.test("cycleOf finds a cycle and shows its way round", () => {
  const graph = new Map([
    ["main.ts", ["a.ts", "b.ts"]],
    ["a.ts", ["b.ts"]],
    ["b.ts", ["c.ts"]],
    ["c.ts", ["a.ts"]],
  ]);
  assert.equal(cycleOf(graph), "a.ts → b.ts → c.ts → a.ts");
});

Deno.test("cycleOf passes a file that is reached in two ways", () => {
  const graph = new Map([
    ["main.ts", ["a.ts", "b.ts"]],
    ["a.ts", ["c.ts"]],
    ["b.ts", ["c.ts"]],
    ["c.ts", []],
  ]);
  assert.equal(cycleOf(graph), undefined);
});
