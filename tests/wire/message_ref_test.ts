import assert from "node:assert/strict";
import { messageRef } from "../../src/wire/message_ref.ts";

Deno.test("messageRef takes a number or a short text, and keeps its type", () => {
  for (const ref of [7, 0, "7", "m-1", "x".repeat(128)]) {
    assert.equal(messageRef().parse(ref), ref);
  }
});

Deno.test("messageRef refuses what names no message", () => {
  for (const ref of ["", "x".repeat(129), 1.5, NaN, null, [], {}, true]) {
    assert.equal(messageRef().safeParse(ref).success, false);
  }
});
