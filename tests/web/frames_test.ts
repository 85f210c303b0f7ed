import assert from "node:assert/strict";
import { act, type ChatFrames } from "../../src/web/frames.ts";

Deno.test("act gives a frame to the action of its type", () => {
  const seqs: number[] = [];
  const actions = { gap: ({ from }: ChatFrames["gap"]) => seqs.push(from) };
  act<ChatFrames>(actions, { type: "gap", from: 3, to: 4 });
  assert.deepEqual(seqs, [3]);
});

Deno.test("act passes over a type that nobody acts on", () => {
  for (const type of ["later", "toString", "__proto__", "constructor"]) {
    assert.doesNotThrow(() => act<ChatFrames>({}, { type }));
  }
});
