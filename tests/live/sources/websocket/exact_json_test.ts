import assert from "node:assert/strict";
import { parseExact } from "../../../../src/live/sources/websocket/exact_json.ts";

Deno.test("parseExact keeps the digits of whole numbers beyond 2^53", () => {
  const text =
    '{"a":9007199254740991,"b":9007199254740993,"c":[-7312345678901234567],' +
    '"d":0.12345678901234567,"e":1e300,"f":"9007199254740993"}';
  assert.deepEqual(parseExact(text), {
    a: 9007199254740991,
    b: "9007199254740993",
    c: ["-7312345678901234567"],
    d: 0.12345678901234567,
    e: 1e300,
    f: "9007199254740993",
  });
});

Deno.test("parseExact refuses JSON that nests beyond 100, and no other", () => {
  const filler = '"' + '[{\\"'.repeat(2000) + '"';
  function nested(depth: number): string {
    return "[".repeat(depth) + filler + "]".repeat(depth);
  }
  assert(Array.isArray(parseExact(nested(99))));
  assert(Array.isArray(parseExact(nested(100))));
  assert.throws(() => parseExact(nested(101)), SyntaxError);
  assert.throws(() => parseExact("[".repeat(1_000_000)), SyntaxError);
  const flat = JSON.stringify(Array.from({ length: 2000 }, () => [{}]));
  assert.deepEqual(parseExact(flat), JSON.parse(flat));
});

Deno.test("parseExact throws for what is no JSON", () => {
  for (const text of ["", "{", "pong", '{"a":1}{']) {
    assert.throws(() => parseExact(text), SyntaxError);
  }
});
