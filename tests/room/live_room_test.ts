import assert from "node:assert/strict";
import { LANE_WEIGHT_MAX } from "../../src/room/mailbox.ts";
import type { Fed } from "../../src/room/room_input.ts";
import type { TextDialect } from "../../src/wire/dialect.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { LiveMessage, LiveType } from "../../src/wire/live.ts";
import type { Packet } from "../../src/wire/packet.ts";
import type { FakeSession } from "../support/fake_session.ts";
import { ActorWorld, type WorldOptions } from "./actor_world.ts";
import { linkStatus, liveMessage, liveStart } from "./fixture.ts";
import { LIVE_WORDS } from "./live_words.ts";

/** A world whose room is live; ann watches. */
function newWorld({ start, ...options }: WorldOptions = {}) {
  const world = new ActorWorld({
    ...options,
    start: { ...liveStart(), ...start },
  });
  const ann = world.join("ann", { dialect: LIVE_WORDS });
  world.slice();
  ann.clear();
  return { ann, world };
}

/** Feeds messages of types; answers what became of it once all is done. */
async function feed(
  world: ActorWorld,
  types: readonly LiveType[],
  { isUrgent = false } = {},
): Promise<Fed> {
  const messages = types.map((type) => liveMessage(type));
  const [fed] = await Promise.all([
    world.actor.feed(messages, isUrgent),
    world.settle(),
  ]);
  return fed;
}

function times(count: number, type: LiveType): LiveType[] {
  return Array.from({ length: count }, () => type);
}

/** The packets of a session as they come. */
function packetsOf(session: FakeSession): Packet[] {
  const packets: Packet[] = [];
  session.onDeliver = (packet) => void packets.push(packet);
  return packets;
}

Deno.test("RoomActor keeps what is fed in one write, tells it in one packet, and says how much", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  const writes: number[] = [];
  world.recorder.onAccept = ({ length }) => void writes.push(length);
  const fed = await feed(world, ["chat", "gift", "like"]);
  assert.deepEqual(fed, { keptCount: 3, lastSeq: 3 });
  assert.deepEqual(writes, [3]);
  assert.deepEqual(world.recorder.words(), ["live 1", "live 2", "live 3"]);
  assert.deepEqual(ann.packets.map(({ length }) => length), [2]);
  assert.deepEqual(ann.heard, ["chat 1", "gift 2"]);
});

Deno.test("RoomActor tells likes once a second, by its own timer", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  for (let tenth = 0; tenth < 25; tenth++) {
    await feed(world, ["like", "like"]);
    await world.clock.advance(100);
    await world.settle();
  }
  assert.deepEqual(ann.heard, ["20 likes 1-20", "20 likes 21-40"]);
  await world.clock.advance(500);
  await world.settle();
  assert.deepEqual(ann.heard.slice(2), ["10 likes 41-50"]);
  const { body } = await world.metrics.text();
  assert.match(body, /^parlor_live_conflated_total 50$/m);
  await world.clock.advance(5000);
  await world.settle();
  assert.equal(ann.heard.length, 3);
});

Deno.test("RoomActor gives nothing twice to who comes back in the middle of a second", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  await feed(world, ["like", "chat", "like"]);
  const bob = world.join("bob", { dialect: LIVE_WORDS, sinceSeq: 0 });
  await world.settle();
  await feed(world, ["like"]);
  await world.clock.advance(1000);
  await world.settle();
  assert.deepEqual(ann.heard, ["chat 2", "2 likes 1-3", "like 4"]);
  const expected = ["welcome", "like 1", "chat 2", "like 3", "like 4"];
  assert.deepEqual(bob.heard, expected);
});

Deno.test("RoomActor gives nothing twice, and loses nothing, for who is sent the log while it grows", async () => {
  const { world } = newWorld();
  using _ = world;
  await feed(world, times(120, "chat"));
  const bob = world.join("bob", { dialect: LIVE_WORDS, sinceSeq: 0 });
  bob.stall();
  await world.settle();
  await feed(world, ["like", "chat", "like"]);
  bob.read();
  await world.settle();
  await feed(world, ["chat"]);
  await world.clock.advance(1000);
  await world.settle();
  const seqs = Array.from({ length: 124 }, (_, index) => index + 1);
  assert.deepEqual(bob.seqs, seqs);
});

Deno.test("RoomActor puts gifts before the chat that waits", async () => {
  const { ann, world } = newWorld({ lowRunMax: 2 });
  using _ = world;
  for (let count = 0; count < 5; count++) {
    void world.actor.feed([liveMessage("chat")], false);
  }
  void world.actor.feed([liveMessage("gift")], true);
  await world.settle();
  assert.deepEqual(ann.heard.slice(0, 3), ["gift 1", "chat 2", "chat 3"]);
  assert.deepEqual(ann.seqs, [1, 2, 3, 4, 5, 6]);
});

Deno.test("RoomActor tells a viewer who lags of gifts, and which chat was missed", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  const packets = packetsOf(ann);
  await feed(world, ["like", "chat", "gift", "chat", "like"]);
  await world.clock.advance(1000);
  await world.settle();
  const [turn, burst] = packets;
  assert.deepEqual(turn?.missable, { from: 2, to: 4 });
  assert.deepEqual(turn.urgent?.frames, ['{"type":"gift","seq":3}']);
  assert.deepEqual([burst?.missable, burst?.urgent], [null, null]);
});

Deno.test("RoomActor counts a late like for no gap", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  const packets = packetsOf(ann);
  await feed(world, ["like", "chat"]);
  await world.clock.advance(1000);
  await world.settle();
  const said = packets.flatMap((packet) => packet.said);
  assert.deepEqual(said.map(({ seq }) => seq), [2, null]);
  assert.deepEqual(ann.heard, ["chat 2", "like 1"]);
});

Deno.test("RoomActor feeds in turns what is more than one can say", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  const text = JSON.stringify("x".repeat(30_000));
  const messages = Array.from(
    { length: 5 },
    (): LiveMessage => liveMessage("chat", { text }),
  );
  const fed = world.actor.feed(messages, false);
  await world.settle();
  assert.deepEqual(await fed, { keptCount: 5, lastSeq: 5 });
  assert.deepEqual(ann.packets.map(({ length }) => length), [2, 2, 1]);
});

Deno.test("RoomActor refuses a feed when its lane is full, by count or by weight", async () => {
  const { world } = newWorld({ laneMax: 1 });
  using _ = world;
  const text = "x".repeat(LANE_WEIGHT_MAX);
  const heavy = world.actor.feed([liveMessage("chat", { text })], false);
  const late = world.actor.feed([liveMessage()], false);
  const busy = (error: unknown) =>
    error instanceof ChatError && error.code === "busy";
  await assert.rejects(late, busy);
  await world.settle();
  assert.equal((await heavy).keptCount, 1);
});

Deno.test("RoomActor says what it kept when storing fails within a feed", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  let left = 3;
  world.recorder.onAccept = ({ length }) => {
    left -= length;
    if (left <= 0) world.recorder.isStorable = false;
  };
  const text = "x".repeat(30_000);
  const messages = times(5, "chat").map((type) => liveMessage(type, { text }));
  const fed = world.actor.feed(messages, false);
  await world.settle();
  assert.deepEqual(await fed, { keptCount: 4, lastSeq: 4 });
  assert.deepEqual(ann.seqs, [1, 2, 3, 4]);
  await assert.rejects(
    feed(world, ["chat"]),
    (error: unknown) =>
      error instanceof ChatError && error.code === "storage_unavailable" &&
      error.retryAfterMs === 5000,
  );
  assert.deepEqual(world.recorder.words().length, 4);
});

Deno.test("RoomActor answers a feed once it is synced, kept as it is even when that fails", async () => {
  const { ann, world } = newWorld({ options: { durability: "fsync" } });
  using _ = world;
  world.recorder.isSynced = true;
  for (const ok of [true, false]) {
    let fed: Fed | undefined;
    void world.actor.feed([liveMessage()], false).then((one) => fed = one);
    await world.settle();
    assert.equal(fed, undefined);
    world.recorder.sync(ok);
    await world.settle();
    assert.deepEqual(fed, { keptCount: 1, lastSeq: ok ? 1 : 2 });
  }
  assert.deepEqual(ann.seqs, [1, 2]);
});

Deno.test("RoomActor refuses a feed once the room has ended, and one that waits then", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  const ended = (error: unknown) =>
    error instanceof ChatError && error.code === "room_ended";
  const waiting = world.actor.feed([liveMessage()], false);
  void world.actor.operate({ type: "end", reason: "closed" });
  await Promise.all([assert.rejects(waiting, ended), world.settle()]);
  await assert.rejects(feed(world, ["chat"]), ended);
  assert.equal(ann.closedWith, "room_followed");
  assert.deepEqual(ann.heard, ["end 1"]);
  assert.deepEqual(world.ended, ["r"]);
});

Deno.test("RoomActor rejects a feed that it fails to handle, and goes on", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  world.recorder.onAccept = () => {
    throw new TypeError("Broken");
  };
  const internal = (error: unknown) =>
    error instanceof ChatError && error.code === "internal";
  await assert.rejects(feed(world, ["chat"]), internal);
  world.recorder.onAccept = () => {};
  assert.deepEqual(await feed(world, ["chat"]), { keptCount: 1, lastSeq: 1 });
  assert.deepEqual(ann.heard, ["chat 1"]);
  assert.equal(world.log.texts.length, 1);
});

Deno.test("RoomActor has what was kept stay kept when the telling fails", async () => {
  const { world } = newWorld();
  using _ = world;
  let isBroken = false;
  const dialect: TextDialect = {
    ...LIVE_WORDS,
    encode: (event) => {
      if (isBroken) throw new TypeError("Broken");
      return LIVE_WORDS.encode(event);
    },
  };
  world.join("bob", { dialect });
  await world.settle();
  isBroken = true;
  const fed = await feed(world, ["chat", "chat"]);
  assert.deepEqual(fed, { keptCount: 2, lastSeq: 2 });
  assert.equal(world.log.texts.length, 1);
});

Deno.test("RoomActor announces how the link stands, and its facts say it", async () => {
  const { ann, world } = newWorld();
  using _ = world;
  const status = linkStatus({ state: "silent" });
  assert(world.actor.announce({ type: "live_status", status }));
  await world.settle();
  assert.deepEqual(ann.heard, ["silent"]);
  const live = { liveId: "42", state: "silent", isWanted: true };
  assert.deepEqual(world.actor.facts().live, live);
});

Deno.test("RoomActor does not announce what its lane has no room for", () => {
  const { world } = newWorld({ laneMax: 1 });
  using _ = world;
  const news = { type: "live_status", status: linkStatus() } as const;
  const taken = [world.actor.announce(news), world.actor.announce(news)];
  assert.deepEqual(taken, [true, false]);
});

Deno.test("RoomActor takes what is fed for a sign that the room is in use", async () => {
  using world = new ActorWorld({ start: liveStart() });
  await world.clock.advance(60_000);
  await feed(world, ["like"]);
  await world.clock.advance(5000);
  const quiet = { ageMs: 65_000, emptyMs: 65_000, silentMs: 5000 };
  assert.deepEqual(world.actor.quiet(), quiet);
});
