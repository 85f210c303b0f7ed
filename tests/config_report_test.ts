import assert from "node:assert/strict";
import { problemLines, unknownNames } from "../src/config_report.ts";

function linesFor(name: string, value: string): string[] {
  return problemLines([{ path: [name] }], new Map([[name, value]]));
}

Deno.test("problemLines says what was wanted and what was given", () => {
  assert.deepEqual(linesFor("MAX_CONNECTIONS", "many"), [
    'Cannot read MAX_CONNECTIONS: want an integer in 1..1000000, got "many"',
  ]);
});

Deno.test("problemLines says a setting once, in the table's order", () => {
  const issues = ["LOG_LEVEL", "DATABASE_URL", "LOG_LEVEL"]
    .map((name) => ({ path: [name] }));
  const names = problemLines(issues, new Map()).map((line) =>
    line.split(/[ :]/)[2]
  );
  assert.deepEqual(names, ["DATABASE_URL", "LOG_LEVEL"]);
});

Deno.test("problemLines lets an issue say what was wanted", () => {
  const issue = { path: ["LOG_LEVEL"], params: { want: "silence" } };
  assert.deepEqual(problemLines([issue], new Map([["LOG_LEVEL", "warn"]])), [
    'Cannot read LOG_LEVEL: want silence, got "warn"',
  ]);
});

Deno.test("problemLines never shows a secret", () => {
  assert.deepEqual(linesFor("ADMIN_API_KEY", "hunter2"), [
    "Cannot read ADMIN_API_KEY: want at least 8 characters, got 7 characters",
  ]);
});

Deno.test("problemLines shows 80 characters of a value and no control", () => {
  const got = (value: string) =>
    linesFor("LOG_LEVEL", value)[0]?.split("got ")[1];
  assert.equal(got("x".repeat(80)), `"${"x".repeat(80)}"`);
  assert.equal(got("x".repeat(81)), `"${"x".repeat(80)}…"`);
  assert.equal(got("\x1b[2J"), '"\\u001b[2J"');
});

Deno.test("unknownNames suggests the setting that a name is close to", () => {
  assert.deepEqual(unknownNames(["WS_BATCHSIZE", "log_level", "HOME"]), [
    "WS_BATCHSIZE is not a setting; did you mean WS_BATCH_SIZE?",
    "log_level is not a setting; did you mean LOG_LEVEL?",
  ]);
});

Deno.test("unknownNames says which settings have no effect yet", () => {
  assert.deepEqual(unknownNames(["DATA_CALLBACK_URL", "LOG_LEVEL"]), [
    "DATA_CALLBACK_URL is known and has no effect yet",
  ]);
});
