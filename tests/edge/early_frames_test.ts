import assert from "node:assert/strict";
import {
  EarlyFrames,
  WAITING_BYTES_MAX,
  WAITING_FRAMES_MAX,
} from "../../src/edge/early_frames.ts";

/** An inbox, what came out of it, and how often it refused. */
function newInbox() {
  const seen = { frames: [] as string[], refusedCount: 0 };
  const inbox = new EarlyFrames(() => seen.refusedCount += 1);
  const handOver = () =>
    inbox.handOver({
      onText: (text) => void seen.frames.push(text),
      onBinary: ({ length }) => void seen.frames.push(`${length} bytes`),
    });
  return { handOver, inbox, seen };
}

Deno.test("EarlyFrames hands texts and bytes over in order, once", () => {
  const { handOver, inbox, seen } = newInbox();
  inbox.onText("1");
  inbox.onBinary(new Uint8Array(2));
  inbox.onText("3");
  handOver();
  handOver();
  assert.deepEqual(seen, { frames: ["1", "2 bytes", "3"], refusedCount: 0 });
});

Deno.test("EarlyFrames holds so many frames and no more", () => {
  const { handOver, inbox, seen } = newInbox();
  for (let count = 0; count < WAITING_FRAMES_MAX; count++) inbox.onText("x");
  assert.equal(seen.refusedCount, 0);
  inbox.onText("x");
  inbox.onBinary(new Uint8Array(1));
  assert.equal(seen.refusedCount, 2);
  handOver();
  assert.equal(seen.frames.length, WAITING_FRAMES_MAX);
  inbox.onText("again");
  assert.equal(seen.refusedCount, 2);
});

Deno.test("EarlyFrames holds so many bytes and no more", () => {
  for (const [lastBytes, refusedCount] of [[9, 0], [10, 0], [11, 1]]) {
    const { inbox, seen } = newInbox();
    inbox.onText("x".repeat(WAITING_BYTES_MAX - 10));
    inbox.onBinary(new Uint8Array(lastBytes ?? 0));
    assert.equal(seen.refusedCount, refusedCount);
  }
});

Deno.test("EarlyFrames takes nothing behind what it refused", () => {
  const { handOver, inbox, seen } = newInbox();
  inbox.onText("first");
  inbox.onText("x".repeat(WAITING_BYTES_MAX));
  inbox.onText("small");
  handOver();
  assert.deepEqual(seen, { frames: ["first"], refusedCount: 2 });
});
