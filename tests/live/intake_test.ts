import assert from "node:assert/strict";
import {
  RECENT_IDS_MAX,
  WAITING_CHARS_MAX,
  WAITING_MESSAGES_MAX,
} from "../../src/live/intake.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { LIVE_TEXT_CHARS_MAX } from "../../src/wire/limits.ts";
import { settle } from "../support/fake_clock.ts";
import { chats, IntakeWorld, sourceMessage } from "./intake_world.ts";

const BUSY = new ChatError("busy");

function numbered(count: number, prefix = "m"): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

Deno.test("Intake has messages kept, then tells of them, then of their take", async () => {
  const world = new IntakeWorld();
  world.take("first", ...chats("a", "b"));
  assert.deepEqual(world.told, []);
  await settle();
  assert.deepEqual(world.room.ids, ["a", "b"]);
  assert.deepEqual(world.told, ["2 to 2 of room-1", "first"]);
  assert.equal(
    await world.metric('parlor_live_messages_total{type="chat"}'),
    2,
  );
});

Deno.test("Intake writes the text that viewers read", async () => {
  const world = new IntakeWorld();
  world.intake.take([sourceMessage("chat", "a", { content: "hi" })]);
  await settle();
  assert.deepEqual(JSON.parse(world.room.log[0]?.text ?? ""), {
    type: "chat",
    content: "hi",
    timestamp: world.clock.now() / 1000,
    live_id: "100",
  });
});

Deno.test("Intake sends gifts and control ahead in their own feeds", async () => {
  const world = new IntakeWorld();
  world.intake.take([
    sourceMessage("chat", "a"),
    sourceMessage("gift", "b"),
    sourceMessage("like", "c"),
    sourceMessage("control", "d"),
  ]);
  await settle();
  assert.deepEqual(
    world.room.feeds.map(({ isUrgent, messages }) => [
      isUrgent,
      messages.map(({ upstreamId }) => upstreamId),
    ]),
    [[true, ["b", "d"]], [false, ["a", "c"]]],
  );
});

Deno.test("Intake keeps a message once, also within one take", async () => {
  const world = new IntakeWorld();
  world.take("first", ...chats("a", "b", "a"));
  await settle();
  world.take("second", ...chats("b", "c"));
  await settle();
  assert.deepEqual(world.room.ids, ["a", "b", "c"]);
  assert.equal(await world.metric("parlor_live_duplicates_total"), 2);
  assert.deepEqual(world.told.filter((name) => !name.includes(" ")), [
    "first",
    "second",
  ]);
});

Deno.test("Intake tells no two messages without id apart", async () => {
  const world = new IntakeWorld();
  world.intake.take([sourceMessage("chat"), sourceMessage("chat")]);
  await settle();
  assert.equal(world.room.log.length, 2);
});

Deno.test("Intake tells of a take of duplicates at once when nothing waits", async () => {
  const world = new IntakeWorld();
  world.intake.remember(["a", "b"]);
  world.take("known", ...chats("a", "b"));
  assert.deepEqual(world.told, ["known"]);
  await settle();
  assert.equal(world.room.feeds.length, 0);
});

Deno.test("Intake tells of a duplicate only when what it repeats is kept", async () => {
  const world = new IntakeWorld(BUSY);
  world.take("first", ...chats("a"));
  world.take("again", ...chats("a"));
  await settle();
  assert.deepEqual(world.told, []);
  await world.clock.advance(100);
  assert.deepEqual(world.told, ["1 to 1 of room-1", "first", "again"]);
});

Deno.test("Intake tells of a take only when both queues kept its part", async () => {
  const world = new IntakeWorld(BUSY);
  world.take("first", sourceMessage("gift", "a"), sourceMessage("chat", "b"));
  await settle();
  assert.deepEqual(world.keptIds, ["b"]);
  assert.deepEqual(world.told, ["1 to 1 of room-1"]);
  await world.clock.advance(100);
  assert.deepEqual(world.keptIds, ["b", "a"]);
  assert.equal(world.told.at(-1), "first");
});

Deno.test("Intake tells of an empty take at once", () => {
  const world = new IntakeWorld();
  world.take("empty");
  assert.deepEqual(world.told, ["empty"]);
});

Deno.test("Intake forgets ids past its bound", async () => {
  const world = new IntakeWorld();
  world.intake.remember(numbered(RECENT_IDS_MAX));
  world.intake.take(chats("m0", "new"));
  await settle();
  assert.deepEqual(world.room.ids, ["new"], "m0 was known");
  world.intake.take(chats("m1"));
  await settle();
  assert.deepEqual(world.room.ids, ["new", "m1"], "new took its place");
});

Deno.test("Intake passes over a message past its bound, and keeps the others", async () => {
  const world = new IntakeWorld();
  const content = "x".repeat(LIVE_TEXT_CHARS_MAX);
  const tooLarge = sourceMessage("chat", "b", { content });
  world.take("all", ...chats("a"), tooLarge, ...chats("c"));
  world.take("none", sourceMessage("chat", "d", { content }));
  await settle();
  assert.deepEqual(world.room.ids, ["a", "c"]);
  assert.deepEqual(world.told, ["2 to 2 of room-1", "all", "none"]);
  const name = 'parlor_live_feed_faults_total{fault="message_too_large"}';
  assert.equal(await world.metric(name), 2);
});

Deno.test("Intake feeds again, in order, what a room did not keep", async () => {
  const world = new IntakeWorld(1, BUSY, 0, 1);
  world.take("first", ...chats("a", "b", "c"));
  await settle();
  assert.equal(world.intake.refusal, BUSY);
  world.take("second", ...chats("d"));
  await world.clock.advance(300);
  assert.deepEqual(world.room.ids, ["a", "b", "c", "d"]);
  assert.deepEqual(world.keptIds, ["a", "b", "c", "d"]);
  assert.deepEqual(world.told.slice(-2), ["first", "second"]);
  assert.equal(world.intake.refusal, null);
});

Deno.test("Intake holds the source back past 4096 messages, until half are left", async () => {
  const world = new IntakeWorld();
  world.room.isHolding = true;
  world.intake.take(chats(...numbered(WAITING_MESSAGES_MAX - 1)));
  world.intake.take(chats("last"));
  assert.equal(world.intake.waiting, WAITING_MESSAGES_MAX);
  assert.equal(world.intake.isFull, false);
  world.intake.take(chats("over"));
  world.intake.take(chats("still taken"));
  assert.equal(world.intake.isFull, true);
  assert.deepEqual(world.pressure, [true]);
  const keptAtRelief: number[] = [];
  world.pressure.push = (isFull) => {
    keptAtRelief.push(world.intake.waiting);
    return Number(isFull);
  };
  world.room.release();
  await settle();
  assert.equal(world.intake.isFull, false);
  assert.deepEqual(
    keptAtRelief,
    [4098 - 11 * 200],
    "the first feed under 2048",
  );
  assert.equal(world.room.log.length, 4098);
  assert.equal(await world.metric("parlor_live_holds_total"), 1);
});

Deno.test("Intake holds the source back past 4 Mi characters", async () => {
  const world = new IntakeWorld();
  world.room.isHolding = true;
  const content = "x".repeat(60_000);
  for (let chars = 0; chars <= WAITING_CHARS_MAX - 60_200; chars += 60_200) {
    world.intake.take([sourceMessage("chat", undefined, { content })]);
  }
  assert.equal(world.intake.isFull, false);
  world.intake.take([sourceMessage("chat", undefined, { content })]);
  assert.equal(world.intake.isFull, true);
  world.room.release();
  await settle();
  assert.deepEqual(world.pressure, [true, false]);
});

Deno.test("Intake holds the source back past 4096 takes of duplicates", () => {
  const world = new IntakeWorld();
  world.room.isHolding = true;
  for (let take = 0; take < WAITING_MESSAGES_MAX; take++) {
    world.take("again", ...chats("a"));
  }
  assert.equal(world.intake.isFull, false);
  world.take("again", ...chats("a"));
  assert.equal(world.intake.isFull, true);
  assert.equal(world.intake.waiting, 1);
  world.intake.stop();
  world.room.release();
});

Deno.test("Intake is idle when nothing waits", async () => {
  const world = new IntakeWorld(BUSY);
  await world.intake.idle();
  world.intake.take(chats("a"));
  let isIdle = false;
  const idle = world.intake.idle().then(() => isIdle = true);
  await settle();
  assert.equal(isIdle, false);
  await world.clock.advance(100);
  await idle;
  assert.deepEqual(world.room.ids, ["a"]);
});

Deno.test("Intake gives up what waits on stop, and takes nothing more", async () => {
  const world = new IntakeWorld(BUSY);
  world.take("first", ...chats("a"));
  const idle = world.intake.idle();
  await settle();
  world.intake.stop();
  await idle;
  assert.equal(world.clock.armed, 0);
  assert.equal(world.intake.waiting, 0);
  world.take("second", ...chats("b"));
  await world.clock.advance(60_000);
  assert.deepEqual(world.room.log, []);
  assert.deepEqual(world.told, []);
});

Deno.test("Intake may be stopped by who is told of what was kept", async () => {
  const world = new IntakeWorld(1);
  world.intake.take(chats("a"), () => world.intake.stop());
  world.take("second", ...chats("b"));
  await settle();
  assert.deepEqual(world.told, ["1 to 1 of room-1"]);
  assert.equal(world.clock.armed, 0);
});

Deno.test("Intake may be given more by who is told of what was kept", async () => {
  const world = new IntakeWorld();
  world.intake.take(chats("a"), () => world.take("next", ...chats("a", "b")));
  await settle();
  assert.deepEqual(world.room.ids, ["a", "b"]);
  assert.equal(world.told.at(-1), "next");
});
