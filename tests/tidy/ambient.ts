/**
 * What a program can reach without being given it, and the one file each that
 * may: time, chance, the file system, the network, the console.
 *
 * Everything else is handed these as arguments, so that a test can hold them.
 * What runs in a browser, in `src/web/`, has a table of its own.
 *
 * @module
 */

/** One row: names, who may use them, what everyone else does. */
export interface AmbientRow {
  /** Globals, or members of one such as `Date.now`. */
  readonly names: readonly string[];
  /** Files; a folder ends in `/`. */
  readonly only: readonly string[];
  readonly instead: string;
}

/** For the program. The first row that knows a name decides. */
export const AMBIENT: readonly AmbientRow[] = [
  {
    names: [
      "Date.now",
      "new Date()",
      "performance.now",
      "setTimeout",
      "setInterval",
      "clearTimeout",
      "clearInterval",
      "AbortSignal.timeout",
    ],
    only: ["src/base/clock.ts"],
    instead: "take a Clock",
  },
  {
    names: ["Math.random", "crypto.randomUUID", "crypto.getRandomValues"],
    only: ["src/base/ids.ts"],
    instead: "take Ids",
  },
  {
    names: ["setImmediate", "queueMicrotask"],
    only: ["src/base/turn.ts"],
    instead: "take a Yield",
  },
  {
    names: ["console", "Deno.stdout", "Deno.stderr", "Deno.noColor"],
    only: ["src/base/stdout.ts", "cli/terminal.ts"],
    instead: "take a Log",
  },
  { names: ["Deno.env"], only: ["src/env.ts"], instead: "take a Config" },
  {
    names: ["Deno.cron"],
    only: ["src/jobs/schedule.ts"],
    instead: "write a Job",
  },
  {
    names: ["Deno.serve", "Deno.upgradeWebSocket"],
    only: ["src/edge/"],
    instead: "go through the edge",
  },
  {
    names: ["Worker"],
    only: ["src/store/"],
    instead: "take the interface of what runs in it",
  },
  {
    names: ["fetch"],
    only: ["cli/terminal.ts", "src/core.ts"],
    instead: "take a function that fetches",
  },
  {
    names: ["Deno"],
    only: [
      "cli/terminal.ts",
      "src/base/signals.ts",
      "src/env.ts",
      "src/live_sources.ts",
      "src/record/disk_journal_directory.ts",
      "src/store/file_lock.ts",
      "src/upload/disk_upload_folder.ts",
    ],
    instead: "take the interface of what it does",
  },
  { names: ["process", "Bun"], only: [], instead: "use what Deno has" },
  {
    // Type checking knows these in every file: see `AMBIENT_IN_BROWSER`.
    names: [
      "document",
      "window",
      "location",
      "navigator",
      "history",
      "localStorage",
      "sessionStorage",
      "addEventListener",
      "HTMLElement",
      "XMLHttpRequest",
    ],
    only: [],
    instead: "only what runs in a browser has a page",
  },
];

/**
 * For `src/web/`, which runs in a browser: there the clock, chance and the
 * network are the page's own, and there is no server to be found.
 *
 * Its files ask for the DOM's types, and the type checker then knows them
 * wherever it checks such a file and others at once.
 */
export const AMBIENT_IN_BROWSER: readonly AmbientRow[] = [
  {
    names: ["Deno", "process", "Bun", "Buffer", "setImmediate", "console"],
    only: [],
    instead: "it runs in a browser, and says nothing there",
  },
  {
    names: ["crypto.randomUUID"],
    only: [],
    instead: "it is missing on pages without TLS: take newMessageId",
  },
  {
    names: ["eval", "Function", "document.write"],
    only: [],
    instead: "make elements, and give them text",
  },
];

/** For tests: a wait on the real clock is a test that fails on a busy day. */
export const AMBIENT_IN_TESTS: readonly AmbientRow[] = [
  {
    names: ["setTimeout", "setInterval", "AbortSignal.timeout"],
    only: ["tests/support/", "tests/bench/"],
    instead: "advance a FakeClock, or wait for an event",
  },
];

/** Modules of Node that the program may import, and where. */
export const NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  "node:buffer": [""],
  "node:crypto": [""],
  "node:util": [""],
  "node:zlib": [""],
  "node:timers": ["src/base/turn.ts"],
  "node:sqlite": ["src/store/"],
  "node:module": ["src/store/", "src/http/"],
};

/** What sockets and requests are made of. */
export const TRANSPORT_TYPES = ["Request", "Response", "WebSocket"];

/** Layers that must not know them. */
export const TRANSPORT_FREE = [
  "base",
  "wire",
  "config",
  "room",
  "record",
  "store",
  "match",
  "jobs",
];

/** Whether `path` is one of `only`, or in a folder of it. */
export function isAllowed(path: string, only: readonly string[]): boolean {
  return only.some((entry) =>
    entry === path || entry === "" ||
    (entry.endsWith("/") && path.startsWith(entry))
  );
}

/** The row that decides about a dotted name such as `Deno.env`. */
export function rowOf(
  rows: readonly AmbientRow[],
  name: string,
): AmbientRow | undefined {
  return rows.find(({ names }) =>
    names.some((known) => name === known || name.startsWith(`${known}.`))
  );
}
