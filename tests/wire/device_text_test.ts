import assert from "node:assert/strict";
import { deviceText, numberAsText } from "../../src/wire/device_text.ts";

/** The text that is taken, or why none is. */
function read(value: unknown): string {
  const { success, data, error } = deviceText().safeParse(value);
  return success ? data : `! ${error.issues[0]?.message}`;
}

/** A field of a text, a number as text. */
function field(json: string): unknown {
  return numberAsText(JSON.parse(json), "id", json);
}

Deno.test("deviceText takes text up to its bound, in code points", () => {
  for (const text of ["", "a", "设备", "x".repeat(255), "😀".repeat(255)]) {
    assert.equal(read(text), text);
  }
  assert.equal(read("x".repeat(254)).length, 254);
  assert.equal(read("x".repeat(256)), "! want at most 255 characters");
  assert.equal(read("😀".repeat(256)), "! want at most 255 characters");
});

Deno.test("deviceText refuses what a database or a peer would change", () => {
  assert.equal(read("a\0b"), "! want no NUL character");
  assert.equal(read("a\ud800"), "! want well-formed Unicode");
});

Deno.test("deviceText refuses what is no text", () => {
  for (const value of [undefined, null, true, 1, [], {}]) {
    assert.equal(read(value), "! want text or a number");
  }
});

Deno.test("numberAsText writes a number as its digits", () => {
  const cases: [string, string][] = [
    ['{"id":7}', "7"],
    ['{"id":-0}', "0"],
    ['{"id":1.0}', "1"],
    ['{"id":1.5}', "1.5"],
    ['{"id":9007199254740991}', "9007199254740991"],
    ['{"id": 9007199254740993 }', "9007199254740993"],
    ['{"id":89860012345678901234}', "89860012345678901234"],
    ['{"id":1e400}', "1e400"],
    ['{"id":1,"x":{"id":2},"id":9007199254740995}', "9007199254740995"],
  ];
  for (const [json, text] of cases) assert.equal(field(json), text);
});

Deno.test("numberAsText leaves what is no number", () => {
  assert.equal(field('{"id":"7"}'), "7");
  assert.equal(field('{"id":null}'), null);
  assert.deepEqual(field('{"id":[1]}'), [1]);
  assert.equal(field("{}"), undefined);
});
