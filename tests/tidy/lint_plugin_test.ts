import assert from "node:assert/strict";
import plugin from "./lint_plugin.ts";

const HEAD = "/** What it is.\n *\n * @module\n */\n";

/** What the plugin says of a file, as `rule: the text it points at`. */
function lint(code: string, path = "src/room/x.ts"): string[] {
  const source = HEAD + code;
  const found = Deno.lint.runPlugin(plugin, path, source);
  found.sort((one, two) => one.range[0] - two.range[0]);
  return found.map(({ id, range }) =>
    `${id.replace("parlor/", "")}: ${source.slice(...range).split("\n")[0]}`
  );
}

/** What the plugin tells the author of a file. */
function messages(code: string, path = "src/room/x.ts"): string[] {
  return Deno.lint.runPlugin(plugin, path, HEAD + code)
    .map(({ message }) => message);
}

Deno.test("import-direction points at an import that points up", () => {
  assert.deepEqual(
    lint(
      'import { a } from "../wire/entry.ts";\n' +
        'import { b } from "../store/store.ts";\n' +
        'import type { C } from "../app.ts";\n' +
        'import { z } from "zod";\n',
    ),
    [
      'import-direction: import { b } from "../store/store.ts";',
      'import-direction: import type { C } from "../app.ts";',
    ],
  );
});

Deno.test("import-direction sees dynamic imports", () => {
  assert.deepEqual(lint('await import("../store/store.ts");'), [
    'import-direction: import("../store/store.ts")',
  ]);
});

Deno.test("import-direction leaves tests alone", () => {
  const code = 'import { a } from "../../src/app.ts";';
  assert.deepEqual(lint(code, "tests/room/x_test.ts"), []);
});

Deno.test("ambient points at what must be handed in, and says what to take", () => {
  assert.deepEqual(
    messages(
      "Date.now(); new Date(); Math.random(); setTimeout(run, 1);\n" +
        'console.log(1); Deno.env.get("X"); Deno["cron"](1);\n' +
        "globalThis.crypto.randomUUID(); const wait = setInterval;",
    ),
    [
      "Date.now is ambient here: take a Clock",
      "new Date() is ambient here: take a Clock",
      "Math.random is ambient here: take Ids",
      "setTimeout is ambient here: take a Clock",
      "console.log is ambient here: take a Log",
      "Deno.env is ambient here: take a Config",
      "Deno.cron is ambient here: write a Job",
      "crypto.randomUUID is ambient here: take Ids",
      "setInterval is ambient here: take a Clock",
    ],
  );
});

Deno.test("ambient lets the one file make its calls", () => {
  assert.deepEqual(lint("Date.now();", "src/base/clock.ts"), []);
  assert.deepEqual(lint("Math.random();", "src/base/ids.ts"), []);
  assert.deepEqual(lint("Deno.env.toObject();", "src/env.ts"), []);
  assert.deepEqual(lint("Deno.cron();", "src/jobs/schedule.ts"), []);
  assert.deepEqual(lint("Deno.serve();", "src/edge/deno_edge.ts"), []);
  assert.deepEqual(lint("Deno.env.toObject();", "src/base/clock.ts"), [
    "ambient: Deno",
  ]);
});

Deno.test("ambient tells a global from what a file binds or merely names", () => {
  assert.deepEqual(
    lint(`
      const date = new Date(0);
      class Timer { setTimeout() {} }
      const options = { fetch: date, console: 1 };
      function get(fetch: typeof globalThis.fetch) { return fetch("/"); }
      type Port = typeof setTimeout;
      const { fetch: load } = options;
      new Timer().setTimeout(); load;
    `),
    [],
  );
});

Deno.test("ambient says a global that is passed on once", () => {
  assert.deepEqual(lint("start({ fetch });"), ["ambient: fetch"]);
});

Deno.test("ambient keeps sockets and requests out of the rooms", () => {
  const code = "function f(request: Request) { return new Response(request); }";
  assert.deepEqual(lint(code), ["ambient: Request", "ambient: Response"]);
  assert.deepEqual(lint(code, "src/http/x.ts"), []);
});

Deno.test("ambient allows Node's modules where the table says", () => {
  const code = 'import { DatabaseSync } from "node:sqlite";';
  assert.deepEqual(lint(code, "src/store/x.ts"), []);
  assert.deepEqual(lint(code), [`ambient: ${code}`]);
  assert.equal(messages('import "node:fs";', "src/store/x.ts").length, 1);
  assert.deepEqual(messages('import { randomUUID } from "node:crypto";'), [
    "randomUUID is ambient here: take Ids",
  ]);
});

Deno.test("ambient leaves a browser's own to src/web, and the server's out of it", () => {
  const page = "document.title = String(Date.now()); setTimeout(run, 1);";
  assert.deepEqual(lint(page, "src/web/x.ts"), []);
  assert.equal(messages("document.title;", "src/http/x.ts").length, 1);
  const server = "Deno.exit(); crypto.randomUUID();";
  assert.equal(messages(server, "src/web/x.ts").length, 2);
  assert.deepEqual(messages('import "zod";', "src/web/x.ts"), [
    "zod is not there for a browser: only ./ is",
  ]);
});

Deno.test("ambient forbids real sleeps in tests, and nothing else", () => {
  const code = "Date.now(); setTimeout(run, 1);";
  assert.deepEqual(lint(code, "tests/room/x_test.ts"), ["ambient: setTimeout"]);
  assert.deepEqual(lint(code, "tests/support/x.ts"), []);
});

Deno.test("no-private-keyword points at the keyword in fields, methods and parameters", () => {
  assert.equal(
    lint(
      "class A { private a = 1; private b() {} #c = 2;\n" +
        "  constructor(private d: number) {} }",
    ).length,
    3,
  );
});

Deno.test("no-top-level-arrow wants function at the top and not inside", () => {
  assert.deepEqual(
    lint(
      "const a = () => 1;\nconst table = { b: () => 2 };\n" +
        "function c() { const d = () => 3; return d; }",
    ),
    ["no-top-level-arrow: const a = () => 1;"],
  );
});

Deno.test("no-note points at a note to oneself in any comment", () => {
  const words = ["TO" + "DO", "FIX" + "ME", "XXX"];
  for (const word of words) {
    assert.equal(lint(`// ${word}: later\n`).length, 1, word);
    assert.equal(lint(`const text = "${word}";`).length, 0, word);
  }
});

Deno.test("named-exports refuses defaults, barrels and enums", () => {
  assert.deepEqual(
    lint(
      'export default 1;\nexport * from "./a.ts";\n' +
        'export { b } from "./b.ts";\nenum C { D }\n',
    ).map((line) => line.split(":")[0]),
    Array(4).fill("named-exports"),
  );
});

Deno.test("doc-comments wants a word on each export but plain names for shapes", () => {
  assert.deepEqual(
    lint(
      "/** Says one. */\nexport function one() {}\n\n" +
        "export function two() {}\n" +
        "export type Three = number;\n" +
        "export interface FourOptions { a: 1 }\n" +
        "export interface Five { a: 1 }\n" +
        "// No doc comment.\nexport class Six {}\n",
    ),
    [
      "doc-comments: export function two() {}",
      "doc-comments: export interface Five { a: 1 }",
      "doc-comments: export class Six {}",
    ],
  );
});

Deno.test("doc-comments wants a module's head", () => {
  const ids = Deno.lint.runPlugin(plugin, "src/room/x.ts", "const a = 1;\n");
  assert.deepEqual(ids.map(({ id }) => id), ["parlor/doc-comments"]);
});

Deno.test("error-message wants a sentence without its period", () => {
  assert.deepEqual(
    lint(
      'new Error("Cannot read: got 1"); new Error("want a number");\n' +
        "new Error(`${1} things are wrong`); new ChatError('busy');\n" +
        'new Error("bad thing"); new TypeError(`Bad thing.`);\n',
    ),
    [
      'error-message: new Error("bad thing")',
      "error-message: new TypeError(`Bad thing.`)",
    ],
  );
});

Deno.test("function-size allows 70 lines and 4 parameters", () => {
  function ofLines(count: number): string {
    return `function f() {\n${"  g();\n".repeat(count - 2)}}\n`;
  }
  assert.deepEqual(lint(ofLines(70)), []);
  assert.deepEqual(lint(ofLines(71)), ["function-size: function f() {"]);
  assert.deepEqual(lint("function f(a, b, c, d) {}"), []);
  assert.equal(lint("function f(a, b, c, d, e) {}").length, 1);
});
