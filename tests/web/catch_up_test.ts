// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import { CatchUp } from "../../src/web/catch_up.ts";
import type { Frame } from "../../src/web/frames.ts";

const PROFILE = { id: "ann", display_name: "Ann" };

function newCatchUp() {
  const said: Frame[] = [];
  const world = { isConnected: true, said };
  const catchUp = new CatchUp((frame) => {
    if (world.isConnected) said.push(frame);
    return world.isConnected;
  });
  return { catchUp, world, said };
}

function welcome(last_seq: number, recovered = false, epoch = "e1") {
  return { user_profile: PROFILE, epoch, last_seq, recovered };
}

function page(from: number, to: number): Frame[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    type: "chat_message",
    seq: from + index,
  }));
}

Deno.test("CatchUp asks for the newest page first, then for what is before it", () => {
  const { catchUp, said } = newCatchUp();
  assert.equal(catchUp.query(), "");
  assert.equal(catchUp.onEstablished(welcome(120)), "first");
  assert.equal(catchUp.askOlder(), false);
  catchUp.onHistory({ messages: page(71, 120), has_more: true });
  assert.equal(catchUp.askOlder(), true);
  catchUp.onHistory({ messages: page(21, 70), has_more: true });
  catchUp.askOlder();
  catchUp.onHistory({ messages: page(1, 20), has_more: false });
  assert.equal(catchUp.isAtBeginning, true);
  assert.equal(catchUp.askOlder(), false);
  assert.deepEqual(said, [
    { type: "history", limit: 50 },
    { type: "history", limit: 50, before_seq: 71 },
    { type: "history", limit: 50, before_seq: 21 },
  ]);
});

Deno.test("CatchUp goes on after what it has", () => {
  const { catchUp, said } = newCatchUp();
  catchUp.onEstablished(welcome(5));
  catchUp.onHistory({ messages: page(1, 5), has_more: false });
  catchUp.onSeq(6);
  catchUp.onSeq(7);
  assert.equal(catchUp.query(), "?since=7&epoch=e1");
  assert.equal(catchUp.onEstablished(welcome(9, true)), "resumed");
  assert.equal(catchUp.lastSeq, 7, "what was missed is not here yet");
  assert.equal(said.length, 1);
});

Deno.test("CatchUp begins anew in another log, or too far on", () => {
  for (const next of [welcome(3, true, "e2"), welcome(9, false)]) {
    const { catchUp, said } = newCatchUp();
    catchUp.onEstablished(welcome(5));
    catchUp.onHistory({ messages: page(1, 5), has_more: false });
    assert.equal(catchUp.onEstablished(next), "anew");
    assert.equal(catchUp.lastSeq, next.last_seq);
    assert.equal(catchUp.isAtBeginning, false);
    assert.deepEqual(said.at(-1), { type: "history", limit: 50 });
  }
});

Deno.test("CatchUp asks again for a page that a lost connection kept", () => {
  const { catchUp, world, said } = newCatchUp();
  catchUp.onEstablished(welcome(5));
  world.isConnected = false;
  assert.equal(catchUp.askOlder(), false);
  world.isConnected = true;
  catchUp.onEstablished(welcome(5, true));
  assert.deepEqual(said, [
    { type: "history", limit: 50 },
    { type: "history", limit: 50 },
  ]);
});

Deno.test("CatchUp fills a gap page by page", () => {
  const { catchUp, said } = newCatchUp();
  catchUp.onEstablished(welcome(1));
  catchUp.onHistory({ messages: page(1, 1), has_more: false });
  catchUp.onGap({ from: 2, to: 401 });
  assert.equal(catchUp.lastSeq, 401);
  catchUp.onHistory({ messages: page(2, 201), has_more: true });
  catchUp.onHistory({ messages: page(202, 401), has_more: true });
  assert.deepEqual(said.slice(1), [
    { type: "history", after_seq: 1, limit: 200 },
    { type: "history", after_seq: 201, limit: 200 },
  ]);
  assert.equal(catchUp.isLoading, false);
});

Deno.test("CatchUp gives up a gap of which nothing is left", () => {
  const { catchUp, said } = newCatchUp();
  catchUp.onEstablished(welcome(1));
  catchUp.onHistory({ messages: [], has_more: false });
  catchUp.onGap({ from: 2, to: 9 });
  catchUp.onHistory({ messages: [], has_more: false });
  assert.equal(catchUp.isLoading, false);
  assert.equal(said.length, 2);
});

Deno.test("CatchUp may ask again for what was refused", () => {
  const { catchUp, said } = newCatchUp();
  catchUp.onEstablished(welcome(1));
  catchUp.onRefused();
  assert.equal(catchUp.askOlder(), true);
  assert.equal(said.length, 2);
});
