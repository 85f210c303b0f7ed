import assert from "node:assert/strict";
import { type Lane, LANE_WEIGHT_MAX, Mailbox } from "../../src/room/mailbox.ts";

const LANES: readonly Lane[] = ["high", "low"];

Deno.test("Mailbox keeps the order within a lane, and the lanes apart", () => {
  const mailbox = new Mailbox<string>({ laneMax: 10 });
  mailbox.offer("chat 1", "low");
  mailbox.offer("kick", "high");
  mailbox.offer("chat 2", "low");
  mailbox.offer("join", "high");
  assert.deepEqual([mailbox.take("high"), mailbox.take("high")], [
    "kick",
    "join",
  ]);
  assert.equal(mailbox.take("high"), undefined);
  assert.deepEqual([mailbox.take("low"), mailbox.take("low")], [
    "chat 1",
    "chat 2",
  ]);
  assert.equal(mailbox.take("low"), undefined);
});

Deno.test("Mailbox refuses an input when its lane is full", () => {
  for (const lane of LANES) {
    const mailbox = new Mailbox<number>({ laneMax: 3 });
    const offered = [1, 2, 3, 4].map((input) => mailbox.offer(input, lane));
    assert.deepEqual(offered, [true, true, true, false]);
    assert.equal(mailbox.depth(lane), 3);
  }
});

Deno.test("Mailbox takes inputs of one lane while the other is full", () => {
  const mailbox = new Mailbox<number>({ laneMax: 1 });
  mailbox.offer(1, "low");
  assert(!mailbox.offer(2, "low"));
  assert(mailbox.offer(3, "high"));
});

Deno.test("Mailbox takes an input again once one was taken out", () => {
  const mailbox = new Mailbox<number>({ laneMax: 1 });
  mailbox.offer(1, "low");
  mailbox.take("low");
  assert(mailbox.offer(2, "low"));
});

Deno.test("Mailbox takes what is owed however full the lane is, in order", () => {
  const mailbox = new Mailbox<string>({ laneMax: 1 });
  mailbox.offer("chat", "low");
  mailbox.put("leave 1", "low");
  mailbox.put("leave 2", "low");
  assert.equal(mailbox.depth("low"), 3);
  assert(!mailbox.offer("chat 2", "low"));
  const taken = [1, 2, 3].map(() => mailbox.take("low"));
  assert.deepEqual(taken, ["chat", "leave 1", "leave 2"]);
});

Deno.test("Mailbox is empty once both lanes are", () => {
  for (const lane of LANES) {
    const mailbox = new Mailbox<number>({ laneMax: 1 });
    assert(mailbox.isEmpty);
    mailbox.offer(1, lane);
    assert(!mailbox.isEmpty);
    mailbox.take(lane);
    assert(mailbox.isEmpty);
  }
});

Deno.test("Mailbox refuses an input when its lane weighs too much", () => {
  for (const lane of LANES) {
    const mailbox = new Mailbox<string>({ laneMax: 10 });
    assert(mailbox.offer("heavy", lane, LANE_WEIGHT_MAX - 2));
    assert(!mailbox.offer("three", lane, 3));
    assert(mailbox.offer("one", lane, 1));
    assert(!mailbox.offer("two", lane, 2));
    assert(mailbox.offer("last", lane, 1));
    assert(!mailbox.offer("one more", lane, 1));
    assert(mailbox.offer("nothing", lane, 0));
    mailbox.take(lane);
    assert(mailbox.offer("after", lane, LANE_WEIGHT_MAX - 2));
    assert(!mailbox.offer("one more", lane, 1));
  }
});

Deno.test("Mailbox weighs each lane by itself, and not what is owed", () => {
  const mailbox = new Mailbox<string>({ laneMax: 10 });
  mailbox.offer("chat", "low", LANE_WEIGHT_MAX);
  mailbox.put("leave", "low");
  assert(!mailbox.offer("chat", "low", 1));
  assert(mailbox.offer("event", "high", LANE_WEIGHT_MAX));
  mailbox.take("low");
  assert(mailbox.offer("chat", "low", LANE_WEIGHT_MAX));
});

Deno.test("Mailbox takes one input into an empty lane however heavy it is", () => {
  const mailbox = new Mailbox<string>({ laneMax: 10 });
  assert(mailbox.offer("huge", "low", LANE_WEIGHT_MAX + 1));
  assert(!mailbox.offer("next", "low", 1));
  mailbox.take("low");
  assert(mailbox.offer("huge", "low", LANE_WEIGHT_MAX + 1));
});
