import assert from "node:assert/strict";
import { stripTypeScriptTypes } from "node:module";
import { Metrics } from "../../src/base/metrics.ts";
import { SETTINGS } from "../../src/settings.ts";
import { errorRow, ERRORS } from "../../src/wire/errors.ts";
import { ambientRule } from "./ambient_rule.ts";
import { importFault } from "./layers.ts";
import { cycleOf, readGraph } from "./module_graph.ts";
import {
  hasFile,
  programFiles,
  readProjectFile,
  sourceFiles,
  tableRows,
} from "./source_files.ts";

const ENTRIES = ["main.ts", "cli/main.ts"];

/** Most lines of one file. */
const FILE_LINES_MAX = 400;

/** Files that may be longer, at their present length: it only goes down. */
const LONG_FILES: Readonly<Record<string, number>> = {};

const ROOMS_IN_BROWSER = "tests/web/active_rooms_page_test.ts";
const CHAT_IN_BROWSER = "tests/web/chat_page_test.ts";
const LINK_IN_BROWSER = "tests/web/heart_link_page_test.ts";
const RECONNECT_IN_BROWSER = "tests/web/reconnect_test.ts";

const LINK = "tests/live/link_test.ts";
const SUPERVISOR = "tests/live/supervisor_test.ts";

/** Files whose tests have another path, with that path. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  "src/device_edge.ts": "tests/e2e/device_dialect_test.ts",
  "src/live_edge.ts": "tests/live_test.ts",
  // Parts of a link and of the supervisor, tested by what those do.
  "src/live/link_feed.ts": LINK,
  "src/live/link_log.ts": LINK,
  "src/live/listening.ts": LINK,
  "src/live/source.ts": LINK,
  "src/live/link_making.ts": SUPERVISOR,
  "src/live/link_start.ts": SUPERVISOR,
  "src/live/link_takeover.ts": SUPERVISOR,
  "src/live/link_view.ts": SUPERVISOR,
  // What needs a page is tested in a browser, by what a user does there.
  "src/http/pages/active_rooms_page.tsx": ROOMS_IN_BROWSER,
  "src/http/pages/chat_page.tsx": CHAT_IN_BROWSER,
  "src/http/pages/heart_link_page.tsx": LINK_IN_BROWSER,
  "src/http/pages/live_list_page.tsx": "tests/http/pages/live_pages_test.ts",
  "src/http/pages/live_room_page.tsx": "tests/http/pages/live_pages_test.ts",
  "src/web/active_rooms_page.ts": ROOMS_IN_BROWSER,
  "src/web/api.ts": CHAT_IN_BROWSER,
  "src/web/chat_room_page.ts": CHAT_IN_BROWSER,
  "src/web/composer.ts": CHAT_IN_BROWSER,
  "src/web/countdown.ts": LINK_IN_BROWSER,
  "src/web/elements.ts": CHAT_IN_BROWSER,
  "src/web/heart_link_page.ts": LINK_IN_BROWSER,
  "src/web/line.ts": RECONNECT_IN_BROWSER,
  "src/web/link_panel.ts": ROOMS_IN_BROWSER,
  "src/web/mailing.ts": RECONNECT_IN_BROWSER,
  "src/web/members.ts": CHAT_IN_BROWSER,
  "src/web/message_list.ts": CHAT_IN_BROWSER,
  "src/web/message_view.ts": CHAT_IN_BROWSER,
  "src/web/push_line.ts": LINK_IN_BROWSER,
  "src/web/read_marks.ts": CHAT_IN_BROWSER,
  "src/web/refusal.ts": CHAT_IN_BROWSER,
  "src/web/room_card.ts": ROOMS_IN_BROWSER,
  "src/web/room_error_page.ts": "tests/http/pages/room_error_page_test.ts",
  "src/web/server_time.ts": ROOMS_IN_BROWSER,
  "src/web/typing.ts": CHAT_IN_BROWSER,
  "src/web/upload.ts": CHAT_IN_BROWSER,
};

/** Where the reference systems are quoted: texts on the wire, and one command. */
const CHINESE_SPOKEN = [
  "src/wire/",
  "src/http/tools/",
  "src/http/live_texts.ts",
  // The reference's words for operators, and numbers as platforms write them.
  "src/live/seed_texts.ts",
  "src/live/chinese_count.ts",
  "src/live/sources/douyin/person.ts",
  "src/jobs/cleanup_lines.ts",
  "cli/cleanup_text.ts",
  "cli/commands/cleanup.ts",
  // The pages speak two languages, and name each in its own.
  "src/web/words_en.ts",
  "src/web/words_zh.ts",
];

Deno.test("Program consists of its entries and what they reach", async () => {
  const graph = await readGraph(ENTRIES);
  assert(graph.has("src/app.ts"), "main.ts must reach src/app.ts");
  const dead = programFiles().filter(({ path }) => !graph.has(path));
  assert.deepEqual(dead.map(({ path }) => path), []);
});

Deno.test("Imports point down", async () => {
  const faults: string[] = [];
  for (const [from, imports] of await readGraph(ENTRIES)) {
    for (const to of imports) faults.push(importFault(from, to) ?? "");
  }
  assert.deepEqual(faults.filter((fault) => fault !== ""), []);
});

Deno.test("Imports make no cycle", async () => {
  assert.equal(cycleOf(await readGraph(ENTRIES)), undefined);
});

Deno.test("Ambient calls stay in the files that may make them", () => {
  const plugin = { name: "parlor", rules: { ambient: ambientRule } };
  const faults = [...programFiles(), ...sourceFiles("tests/")].flatMap(
    ({ path, text }) =>
      Deno.lint.runPlugin(plugin, path, text)
        .map(({ message }) => `${path}: ${message}`),
  );
  assert.deepEqual(faults, []);
});

Deno.test("Files with behaviour have a test file of the same path", () => {
  const untested = programFiles().filter(({ path, text }) => {
    const test = TESTED_ELSEWHERE[path] ??
      `tests/${path.replace(/^src\//, "").replace(/\.tsx?$/, "_test.ts")}`;
    // Types cannot be stripped around JSX, and what has JSX behaves.
    const behaves = path.endsWith(".tsx") || hasBehaviour(text);
    return behaves && !hasFile(test);
  });
  assert.deepEqual(untested.map(({ path }) => path), []);
});

/** Whether anything is left to test once types and constants are gone. */
function hasBehaviour(text: string): boolean {
  const code = stripTypeScriptTypes(text).replace(/\/\*.*?\*\/|\/\/.*/gs, "");
  return /\bfunction\b|\bclass\b|=>/.test(code);
}

Deno.test("Files stay short", () => {
  const long = programFiles()
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ path, lines }) => lines > (LONG_FILES[path] ?? FILE_LINES_MAX));
  assert.deepEqual(long, []);
});

Deno.test("LONG_FILES lists no file that is short by now", () => {
  const stale = Object.entries(LONG_FILES).filter(([path, allowed]) => {
    const lines = readProjectFile(path).split("\n").length - 1;
    return lines < allowed || lines <= FILE_LINES_MAX;
  });
  assert.deepEqual(stale, []);
});

Deno.test("Chinese is spoken only where the reference systems are quoted", () => {
  const spoken = programFiles().filter(({ path, text }) =>
    /\p{Script=Han}/u.test(text) &&
    !CHINESE_SPOKEN.some((folder) => path.startsWith(folder))
  );
  assert.deepEqual(spoken.map(({ path }) => path), []);
});

Deno.test("README's settings are the settings", () => {
  const rows = tableRows(readProjectFile("README.md"));
  for (const { name, fallback } of SETTINGS) {
    const row = rows.get(name);
    assert(row !== undefined, `README has no row for ${name}`);
    const isNumber = /^\d+$/.test(fallback);
    const digits = row.replace(/(?<=\d),(?=\d)/g, "");
    assert(
      !isNumber || new RegExp(`\\b${fallback}\\b`).test(digits),
      `README's row for ${name} does not have its default, ${fallback}`,
    );
  }
});

Deno.test("README's error codes are the error codes", () => {
  const rows = tableRows(readProjectFile("README.md"));
  for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
    const row = rows.get(code);
    const { status, close } = errorRow(code);
    assert(row !== undefined, `README has no row for ${code}`);
    assert(row.includes(`${status}`), `README's ${code} is not ${status}`);
    if (close === undefined) continue;
    assert(row.includes(`${close}`), `README's ${code} closes not ${close}`);
  }
});

Deno.test("README's metrics are the metrics", async () => {
  const { body } = await new Metrics().text();
  const real = Array.from(body.matchAll(/^# HELP (\w+)/gm), ([, name]) => name);
  const readme = readProjectFile("README.md");
  const shown = Array.from(
    readme.matchAll(/`(parlor_\w+)/g),
    ([, name]) => name,
  );
  assert.deepEqual([...new Set(shown)].sort(), real.sort());
});

Deno.test("deno.lock holds every import and names no registry", () => {
  const lock = readProjectFile("deno.lock");
  assert.doesNotMatch(lock, /https?:|registry/);
  const { specifiers } = JSON.parse(lock);
  const { imports } = JSON.parse(readProjectFile("deno.json"));
  const wanted = Object.values<string>(imports)
    .filter((one) => !one.endsWith("/"));
  for (const specifier of wanted) {
    assert.match(specifier, /^npm:(@\w+\/)?[\w-]+@\d+\.\d+\.\d+$/);
    assert(specifier in specifiers, `deno.lock does not hold ${specifier}`);
  }
});
