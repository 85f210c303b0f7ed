import assert from "node:assert/strict";
import fc from "fast-check";
import { colourJson } from "../../cli/json_colour.ts";

const NAMES: Readonly<Record<string, string>> = {
  "36": "key",
  "32": "string",
  "33": "number",
  "35": "literal",
};

/** The text with `<kind token>` for every coloured token. */
function marked(text: string): string {
  return colourJson(text).replace(
    // deno-lint-ignore no-control-regex -- It reads what a terminal reads.
    /\x1b\[(\d+)m([^\x1b]*)\x1b\[39m/g,
    (_all, code, token) => `<${NAMES[code]} ${token}>`,
  );
}

/** The text as it is without any colour. */
function bare(text: string): string {
  // deno-lint-ignore no-control-regex -- It reads what a terminal reads.
  return colourJson(text).replace(/\x1b\[\d+m/g, "");
}

Deno.test("colourJson tells keys, strings, numbers and literals apart", () => {
  assert.equal(
    marked('{"a": "x", "b" :-1.50e+3,"c":[true,false,null]}'),
    '{<key "a">: <string "x">, <key "b"> :<number -1.50e+3>,' +
      '<key "c">:[<literal true>,<literal false>,<literal null>]}',
  );
});

Deno.test("colourJson takes a value alone for what it is", () => {
  assert.equal(marked("42"), "<number 42>");
  assert.equal(marked('"x"'), '<string "x">');
  assert.equal(marked(""), "");
});

Deno.test("colourJson finds the end of a string with quotes in it", () => {
  assert.equal(
    marked('["a\\"b\\\\","c: 1",""]'),
    '[<string "a\\"b\\\\">,<string "c: 1">,<string "">]',
  );
});

Deno.test("colourJson colours a text that was cut off", () => {
  assert.equal(marked('{"a":"b…'), '{<key "a">:<string "b…>');
  assert.equal(marked('{"a":"b\\'), '{<key "a">:<string "b\\>');
  assert.equal(marked('{"a":12…'), '{<key "a">:<number 12>…');
});

Deno.test("colourJson changes nothing of a text, JSON or not", () => {
  fc.assert(fc.property(fc.json(), (text) => bare(text) === text));
  const noise = fc.string({ unit: fc.constantFrom(...'"\\{}:,x1-. 大') });
  fc.assert(fc.property(noise, (text) => bare(text) === text));
});

Deno.test("colourJson takes a megabyte of escapes", () => {
  const text = `"${"\\n".repeat(2 ** 19)}"`;
  assert.equal(colourJson(text), `\x1b[32m${text}\x1b[39m`);
});
