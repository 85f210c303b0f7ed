import assert from "node:assert/strict";
import {
  problemLines,
  shownValue,
  unknownNames,
} from "../src/config_report.ts";

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

Deno.test("problemLines shows no password of an address that is refused", () => {
  const [line = ""] = linesFor("DATA_CALLBACK_URL", "ftp://ann:pw@a/?key=k");
  assert.match(line, /got "ftp:\/\/\*{8}@a\/\?\*{8}"$/);
  const [other = ""] = linesFor("DATABASE_URL", "mysql://ann:pw@a/chat");
  assert.match(other, /got "mysql:\/\/\*{8}@a\/chat"$/);
});

Deno.test("unknownNames suggests the setting that a name is close to", () => {
  assert.deepEqual(unknownNames(["WS_BATCHSIZE", "log_level", "HOME"]), [
    "WS_BATCHSIZE is not a setting; did you mean WS_BATCH_SIZE?",
    "log_level is not a setting; did you mean LOG_LEVEL?",
  ]);
});

Deno.test("unknownNames says nothing of a setting", () => {
  assert.deepEqual(unknownNames(["DATA_CALLBACK_URL", "LOG_LEVEL"]), []);
});

Deno.test("shownValue masks a secret whole", () => {
  const setting = { secret: true, url: false };
  assert.equal(shownValue(setting, "0123456789abcdef"), "********");
});

Deno.test("shownValue leaves a URL without a user and a query as it is", () => {
  for (const text of ["HTTP://A.example/hook/", "http://a:80#@x"]) {
    assert.equal(shownValue({ secret: false, url: true }, text), text);
  }
});

Deno.test("shownValue masks user, password and query of a URL", () => {
  const cases: [string, string][] = [
    ["https://ann:pw@a.example/h", "https://********@a.example/h"],
    ["https://ann:p@w@a.example/h", "https://********@a.example/h"],
    ["https://:pw@a.example/h", "https://********@a.example/h"],
    ["https:\\\\ann:pw@a.example\\h", "https://********@a.example/h"],
    ["http://a.example/h?key=pw#x", "http://a.example/h?********#x"],
    ["http://ann:pw@a.example:99999/", "********@a.example:99999/"],
    ["ann:pw@a.example/h?key=k@pw", "********@pw"],
    ["a.example/h?key=pw", "a.example/h?********"],
  ];
  for (const [text, shown] of cases) {
    assert.equal(shownValue({ secret: false, url: true }, text), shown, text);
  }
});

Deno.test("shownValue masks users of addresses in any other setting", () => {
  assert.equal(
    shownValue(
      { secret: false, url: false },
      "https://ann:p@w@a.example,https://b.example/@c",
    ),
    "https://********@a.example,https://b.example/@c",
  );
});
