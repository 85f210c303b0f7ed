/**
 * Which folder may import which: the table behind the lint plugin, which
 * speaks in the editor, and the tidy test, which sees the whole graph.
 *
 * A new folder of `src/` needs a row here.
 *
 * @module
 */

/** Folders that know the wire and not each other. `app.ts` joins them. */
const SIBLINGS = [
  "room",
  "record",
  "store",
  "identity",
  "callback",
  "match",
  "presence",
  "upload",
  "device",
  "live",
] as const;

const GROUND = ["base", "wire"] as const;
const BELOW_JOBS = [...GROUND, ...SIBLINGS] as const;
const BELOW_FACES = [...BELOW_JOBS, "jobs"] as const;
const BELOW_APP = [...BELOW_FACES, "http", "edge", "web", "config"] as const;

/** For each layer, the layers that it may import beside itself. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  wire: ["base"],
  config: ["base"],
  ...Object.fromEntries(SIBLINGS.map((name) => [name, GROUND])),
  jobs: BELOW_JOBS,
  web: [],
  http: [...BELOW_FACES, "web"],
  edge: BELOW_FACES,
  app: BELOW_APP,
  cli: [...BELOW_APP, "app"],
  main: [...BELOW_APP, "app", "cli"],
};

/** Files right under `src/` that know no folder but `base`. */
const CONFIG_FILES = [
  "src/config.ts",
  "src/config_live.ts",
  "src/config_report.ts",
  "src/setting.ts",
  "src/settings.ts",
  "src/settings_callback.ts",
  "src/settings_chat.ts",
  "src/settings_device.ts",
  "src/settings_live.ts",
  "src/env.ts",
  "src/version.ts",
];

/** The project's root, as a URL that ends in a slash. */
export const ROOT = new URL("../../", import.meta.url).href;

/** A file's path from the root of a project, from any way of naming it. */
export function projectPath(file: string, root = ROOT): string {
  const url = URL.parse(file, root)?.href ?? file;
  return url.startsWith(root) ? url.slice(root.length) : file;
}

/** Layer of a file by its path from the root; tests have none. */
export function layerOf(path: string): string | undefined {
  if (path === "main.ts") return "main";
  if (path.startsWith("cli/")) return "cli";
  if (!path.startsWith("src/")) return undefined;
  if (CONFIG_FILES.includes(path)) return "config";
  const [, folder = "", file] = path.split("/");
  return file === undefined ? "app" : folder;
}

/** Why a file may not import another, or `undefined` when it may. */
export function importFault(from: string, to: string): string | undefined {
  const layer = layerOf(from);
  const target = layerOf(to);
  if (layer === undefined) return undefined;
  const allowed = LAYERS[layer];
  if (allowed === undefined) {
    return `${from}: folder ${layer} has no row in tests/tidy/layers.ts`;
  }
  if (target === undefined) {
    return `${from}: ${to} is outside the program`;
  }
  if (target === layer || allowed.includes(target)) return undefined;
  return `${from}: ${layer} may not import ${target} (${to})`;
}
