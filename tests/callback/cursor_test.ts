import assert from "node:assert/strict";
import { cursorText, parseCursor } from "../../src/callback/cursor.ts";

Deno.test("parseCursor reads what cursorText wrote", () => {
  for (const number of [0, 1, 42, Number.MAX_SAFE_INTEGER]) {
    const cursor = { epoch: "00ff00ff00ff00ff", number };
    assert.deepEqual(parseCursor(cursorText(cursor)), cursor);
  }
});

Deno.test("parseCursor refuses what is no cursor", () => {
  const texts = [
    "",
    "-",
    "0",
    "e1",
    "e1-",
    "-1",
    "e1--1",
    "e1-01",
    "e1-1.5",
    "e1-1e3",
    "e1-1 ",
    "e1-1\n",
    "E1-1",
    "e1-9007199254740992",
    "e1-99999999999999999",
    `${"e".repeat(65)}-1`,
  ];
  for (const text of texts) {
    const refusal = { name: "ChatError", code: "bad_request" };
    assert.throws(() => parseCursor(text), refusal, text);
  }
});
