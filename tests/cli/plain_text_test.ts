import assert from "node:assert/strict";
import {
  plainJson,
  plainJsonLine,
  plainJsonText,
  plainText,
} from "../../cli/plain_text.ts";

Deno.test("plainText leaves words, emoji and combining marks as they are", () => {
  const text = "大厅 👨‍👩‍👧 e\u0301 naïve ~";
  assert.equal(plainText(text), text);
});

Deno.test("plainText shows an escape sequence instead of obeying it", () => {
  assert.equal(plainText("\x1b]0;pwned\x07"), "\\x1b]0;pwned\\x07");
  assert.equal(plainText("\x9b2J\x7f\x00"), "\\x9b2J\\x7f\\x00");
});

Deno.test("plainText keeps a text on one line", () => {
  assert.equal(plainText("a\nb\r\tc\u2028d"), "a\\nb\\r\\tc\\u2028d");
});

Deno.test("plainText shows marks that reorder a line", () => {
  assert.equal(
    plainText("\u202egnp.exe\u2066\u200f"),
    "\\u202egnp.exe\\u2066\\u200f",
  );
});

Deno.test("plainJson parses as the same value and has no live escape", () => {
  const value = { text: "\x1b[2J\x9b\u202e\n大厅" };
  const json = plainJson(value);
  assert.deepEqual(JSON.parse(json), value);
  assert.equal(
    json,
    '{\n  "text": "\\u001b[2J\\u009b\\u202e\\n大厅"\n}',
  );
});

Deno.test("plainJsonLine is one line that parses as the same value", () => {
  const value = { text: "\x1b[2J\x9b\u202e\n", list: [1, null] };
  const json = plainJsonLine(value);
  assert.deepEqual(JSON.parse(json), value);
  assert.equal(
    json,
    '{"text":"\\u001b[2J\\u009b\\u202e\\n","list":[1,null]}',
  );
});

Deno.test("plainJsonText leaves JSON as it was written, on one line", () => {
  const text = '{ "a" : 1.50, "a":1e3, "大":"\\u00e9" }';
  assert.equal(plainJsonText(text), text);
  assert.equal(plainJsonText('{\r\n\t"a": 1\n}'), '{   "a": 1 }');
});

Deno.test("plainJsonText escapes what a terminal would obey", () => {
  const text = '["\x7f\x9b2J\u202e"]';
  const shown = plainJsonText(text);
  assert.equal(shown, '["\\u007f\\u009b2J\\u202e"]');
  assert.deepEqual(JSON.parse(shown), JSON.parse(text));
  assert.equal(plainJsonText("no JSON \x1b[2J"), "no JSON \\u001b[2J");
});
