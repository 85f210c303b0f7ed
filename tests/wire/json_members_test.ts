import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isJsonObject,
  jsonMembers,
  withoutMembers,
} from "../../src/wire/json_members.ts";

/** Keys and values of a text. */
function pairs(json: string): [string, string][] {
  return jsonMembers(json).map(({ key, valueText }) => [key, valueText]);
}

Deno.test("jsonMembers finds each member with its value as it was written", () => {
  const json = ' { "a" : 1.0 ,\n"b":{"c":[1,2],"d":"}"} , "e":"x,\\"y" } ';
  assert.deepEqual(pairs(json), [
    ["a", "1.0"],
    ["b", '{"c":[1,2],"d":"}"}'],
    ["e", '"x,\\"y"'],
  ]);
});

Deno.test("jsonMembers resolves the escapes of a key", () => {
  assert.deepEqual(pairs('{"\\u0061":1,"b\\\\":2,"c\\"":3,"":4}'), [
    ["a", "1"],
    ["b\\", "2"],
    ['c"', "3"],
    ["", "4"],
  ]);
});

Deno.test("jsonMembers gives each of two members of one key", () => {
  assert.deepEqual(pairs('{"a":1,"b":2,"a":3}'), [
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ]);
});

Deno.test("jsonMembers finds none in an empty object and in what is none", () => {
  for (const json of ["{}", " { } ", "[]", "[{}]", '"{"', "1", "null"]) {
    assert.deepEqual(jsonMembers(json), [], json);
  }
});

Deno.test("jsonMembers finds what JSON.parse finds, whatever the object", () => {
  const keys = fc.string({ unit: "binary" });
  const objects = fc.dictionary(keys, fc.jsonValue(), {
    noNullPrototype: true,
  });
  const indents = fc.constantFrom(undefined, 1, "\t", "\n");
  fc.assert(fc.property(objects, indents, (object, indent) => {
    const json = JSON.stringify(object, null, indent);
    const found = Object.fromEntries(
      jsonMembers(json).map((one) => [one.key, JSON.parse(one.valueText)]),
    );
    assert.deepEqual(found, { ...JSON.parse(json) });
  }));
});

Deno.test("jsonMembers passes what nests far too deep to parse again", () => {
  const deep = "[".repeat(60_000) + "]".repeat(60_000);
  assert.deepEqual(pairs(`{"a":${deep},"b":1}`), [["a", deep], ["b", "1"]]);
});

Deno.test("withoutMembers takes members out and leaves all other bytes", () => {
  const cases: [string, string][] = [
    ['{"a":1, "x":2 ,"b":1.0}', '{"a":1,"b":1.0}'],
    ['{"x":1,"b":{"x":2}}', '{"b":{"x":2}}'],
    ['{ "a" : 1 , "x":1 } ', '{ "a" : 1 } '],
    ['{"x":1}', "{}"],
    [' {"x":1,"y":2,"\\u0078":3}\n', " {}\n"],
    ['{"xx":1}', '{"xx":1}'],
    ["{}", "{}"],
    ['["x"]', '["x"]'],
  ];
  for (const [json, rest] of cases) {
    assert.equal(withoutMembers(json, ["x", "y"]), rest);
  }
});

Deno.test("isJsonObject looks at the outermost value alone", () => {
  for (const json of ["{}", '\t\r\n {"a":[]}']) assert(isJsonObject(json));
  for (const json of ["[{}]", '"{}"', "1"]) assert(!isJsonObject(json));
});
