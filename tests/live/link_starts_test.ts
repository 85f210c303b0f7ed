import assert from "node:assert/strict";
import { LinkStarts } from "../../src/live/link_starts.ts";
import type { Link } from "../../src/live/link.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { newLinkWorld } from "./link_world.ts";

const STOPPED = new ChatError("shutting_down");

Deno.test("LinkStarts knows a start until it is over", async () => {
  const starts = new LinkStarts();
  const { link } = newLinkWorld();
  const start = starts.begin("7", () => Promise.resolve(link));
  assert.equal(starts.of("7"), start);
  assert.equal(starts.count, 1);
  assert.equal(await start, link);
  assert.equal(starts.count, 0);
  assert.equal(await starts.abort("7", STOPPED), false);
});

Deno.test("LinkStarts waits for the end of a start that it aborts", async () => {
  const starts = new LinkStarts();
  function start(signal: AbortSignal): Promise<Link> {
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  }
  const outcome = assert.rejects(starts.begin("7", start), STOPPED);
  assert.equal(await starts.abort("7", STOPPED), true);
  await outcome;
  assert.equal(starts.count, 0);
});
