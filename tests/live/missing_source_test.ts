import assert from "node:assert/strict";
import { missingSource } from "../../src/live/missing_source.ts";

Deno.test("missingSource answers nothing, and ends every connection", async () => {
  const source = missingSource("gone");
  const { signal } = new AbortController();
  const answer = await source.check("1", signal);
  assert.deepEqual(answer, { kind: "unknown", fault: "connect_failed" });
  const ends: string[] = [];
  source.connect("1", {
    onOpen: () => ends.push("open"),
    onMessages: () => {},
    onAlive: () => {},
    onFault: () => {},
    onEnd: ({ fault }) => ends.push(fault),
  });
  assert.deepEqual(ends, ["connect_failed"]);
});
