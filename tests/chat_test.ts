import assert from "node:assert/strict";
import { systemIds } from "../src/base/ids.ts";
import { nextTurn } from "../src/base/turn.ts";
import type { Chat } from "../src/chat.ts";
import { readConfig } from "../src/config.ts";
import { type Core, openCore } from "../src/core.ts";
import { OPEN_ROOMS_PER_USER_MAX } from "../src/http/tools/public_rooms.ts";
import type { Packet } from "../src/wire/packet.ts";
import { FakeClock, settle } from "./support/fake_clock.ts";
import { RecordingLog } from "./support/recording_log.ts";
import { TempFolder } from "./support/temp_folder.ts";

const ANN = { userId: "ann", nickname: "Ann" };
const BOB = { userId: "bob", nickname: "Bob" };
const NOT_FORCED = { force: false, dryRun: false };

/** The chat of a server without a port. */
class ChatWorld implements AsyncDisposable {
  readonly core: Core;
  readonly clock: FakeClock;

  constructor(core: Core, clock: FakeClock) {
    this.core = core;
    this.clock = clock;
  }

  static async open(
    settings: Record<string, string> = {},
    clock = new FakeClock(),
  ): Promise<ChatWorld> {
    const core = await openCore({
      config: readConfig(settings),
      adminApiKey: "a-key-for-the-chat",
      clock,
      ids: systemIds,
      yield: nextTurn,
      log: new RecordingLog(),
    });
    return new ChatWorld(core, clock);
  }

  get chat(): Chat {
    return this.core.chat;
  }

  /** Ann and Bob press; answers their room. */
  async match(): Promise<string> {
    await this.chat.links.request(ANN);
    const outcome = await this.chat.links.request(BOB);
    assert(outcome.kind === "matched");
    return outcome.roomId;
  }

  /** Ends a room, and lets all hear of it. */
  async end(roomId: string): Promise<void> {
    const room = this.core.registry.get(roomId);
    assert(room);
    await room.operate({ type: "end", reason: "closed" });
    await this.core.scheduler.idle();
  }

  /** The frames that are pushed to a user, in order. */
  listen(userId: string): { readonly frames: { readonly type: string }[] } {
    const frames: { readonly type: string }[] = [];
    this.chat.hub.open({
      userId,
      deliver: (packet: Packet) => {
        frames.push(...packet.frames.map((one) => JSON.parse(String(one))));
        return 0;
      },
    });
    return { frames };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.core.stop({ flushMsMax: 1000, callbackMsMax: 0 });
  }
}

Deno.test("Chat.linkLookUp tells of what is open, and of nothing that is over", async () => {
  await using world = await ChatWorld.open();
  const { linkLookUp, links } = world.chat;
  assert.equal(await linkLookUp.linkFrame("ann"), null);
  await links.request(ANN);
  const pending = await linkLookUp.linkFrame("ann");
  assert(pending?.type === "heart_link");
  const { partner, roomId, status } = pending;
  assert.deepEqual([status, roomId, partner], ["pending", null, null]);
  await links.cancel("ann", "anyone");
  assert.equal(await linkLookUp.linkFrame("ann"), null);
  const made = await world.match();
  const matched = await linkLookUp.linkFrame("ann");
  assert(matched?.type === "heart_link");
  assert.deepEqual(
    [matched.status, matched.roomId, matched.partner],
    ["matched", made, BOB],
  );
  await world.end(made);
  assert.equal(await linkLookUp.linkFrame("ann"), null);
});

Deno.test("Chat.rooms knows an ended room before it is flushed, and no other", async () => {
  await using world = await ChatWorld.open();
  const { rooms } = world.chat;
  const roomId = await world.match();
  assert.equal(rooms.find(roomId)?.id, roomId);
  const theirs = Array.from(rooms.participating("ann"), ({ id }) => id);
  assert.deepEqual(theirs, [roomId]);
  assert.equal(await rooms.hasEnded(roomId), false);
  await world.end(roomId);
  assert.equal(rooms.find(roomId), undefined);
  assert.equal(await rooms.hasEnded(roomId), true);
  assert.equal(await rooms.hasEnded("no-such-room"), false);
  assert.deepEqual([...rooms.participating("ann")], []);
});

Deno.test("Chat.rooms makes public rooms for their first visitor, and no others", async () => {
  await using world = await ChatWorld.open();
  const { rooms } = world.chat;
  assert.equal(rooms.makePublic("somewhere", ANN), undefined);
  const room = rooms.makePublic("general", ANN);
  assert.equal(room?.state.chat?.access, "open");
  assert.equal(rooms.get("general"), room);
});

Deno.test("Chat.rooms gives public rooms that ended a new life, after a restart too", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let lastId: string;
  {
    await using world = await ChatWorld.open(settings);
    const { rooms } = world.chat;
    assert.equal(rooms.makePublic("general", ANN)?.id, "general");
    await world.end("general");
  }
  {
    await using world = await ChatWorld.open(settings);
    const { rooms } = world.chat;
    assert.equal(rooms.get("general"), undefined);
    assert.equal(await rooms.hasEnded("general"), false);
    const room = rooms.makePublic("general", BOB);
    assert(room);
    assert.match(room.id, /^general\.[0-9a-f]{8}$/);
    assert.deepEqual(room.state.chat?.participants, [BOB]);
    lastId = room.id;
  }
  await using world = await ChatWorld.open(settings);
  const { rooms } = world.chat;
  assert.equal(rooms.find("general")?.id, lastId);
  assert.equal(rooms.get(lastId), rooms.get("general"));
  await world.end(lastId);
  assert.equal(await rooms.hasEnded(lastId), true);
  assert.equal(await rooms.hasEnded("general"), false);
  const next = rooms.makePublic("general", ANN);
  assert.notEqual(next?.id, lastId);
  assert.equal(rooms.get("general"), next);
});

Deno.test("Chat.desk ends what is due, counts what is not flushed, and says why", async () => {
  // No flush is under way while the clock moves: it would count as hanging.
  await using world = await ChatWorld.open({
    CLEANUP_MINUTES: "7",
    WS_FLUSH_INTERVAL: "3600",
  });
  const { desk } = world.chat;
  const roomId = await world.match();
  await world.clock.advance(7 * 60_000 - 1);
  const early = await desk.explain(roomId, { force: false });
  assert.deepEqual([early.reason, early.dueInMs], ["emptied_recently", 1]);
  await world.clock.advance(1);
  const { counts, rooms } = await desk.run(NOT_FORCED);
  assert.deepEqual(rooms.map((room) => room.roomId), [roomId]);
  assert.deepEqual(counts, { active: 0, waiting: 0, ended: 1 });
  const late = await desk.explain(roomId, { force: false });
  assert.deepEqual([late.status, late.reason], ["ended", "ended"]);
});

Deno.test("Chat.desk sweeps requests, and counts those that are left", async () => {
  await using world = await ChatWorld.open();
  await world.match();
  await world.chat.links.request({ userId: "eve", nickname: "Eve" });
  assert.deepEqual(await world.chat.desk.sweepLinks(), {
    expired: 0,
    pending: 1,
    matched: 2,
  });
});

Deno.test("Chat writes a cleanup down beside its database, and nowhere without one", async () => {
  using folder = new TempFolder();
  await using memory = await ChatWorld.open();
  await memory.chat.desk.run(NOT_FORCED);
  const DATABASE_URL = `sqlite:${folder.file("parlor.db")}`;
  await using world = await ChatWorld.open({ DATABASE_URL });
  await world.chat.desk.run(NOT_FORCED);
  assert(folder.names().includes("chat_cleanup.log"));
  const CLEANUP_LOG_FILE = folder.file("other.log");
  await using other = await ChatWorld.open({ CLEANUP_LOG_FILE });
  await other.chat.desk.run(NOT_FORCED);
  assert(folder.names().includes("other.log"));
});

Deno.test("Chat.uploads takes no file without a folder, and keeps them beside the database", async () => {
  const bytes = new TextEncoder().encode("GIF89a");
  await using memory = await ChatWorld.open();
  await assert.rejects(
    memory.chat.uploads.keep("r1", "image", bytes),
    { code: "storage_unavailable" },
  );
  using folder = new TempFolder();
  const DATABASE_URL = `sqlite:${folder.file("parlor.db")}`;
  await using world = await ChatWorld.open({ DATABASE_URL });
  await world.chat.uploads.keep("r1", "image", bytes);
  assert(folder.names().includes("parlor.db.uploads"));
});

Deno.test("Chat tells participants who came and went, and that their rooms changed", async () => {
  await using world = await ChatWorld.open();
  const ann = world.listen("ann");
  const eve = world.listen("eve");
  await world.match();
  await world.clock.advance(1000);
  const types = ann.frames.map(({ type }) => type);
  assert(types.includes("active_rooms_changed"), types.join());
  ann.frames.length = 0;
  world.chat.presence.connect({ id: "s1", ...BOB, roomId: null });
  await world.clock.advance(1000);
  await settle();
  assert.deepEqual(ann.frames.map(({ type }) => type), ["presence_update"]);
  assert.deepEqual(eve.frames, []);
});

Deno.test("Chat brings back at its start what was open, and nobody who was online", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  const clock = new FakeClock();
  let roomId: string;
  {
    await using world = await ChatWorld.open(settings, clock);
    roomId = await world.match();
    world.chat.presence.connect({ id: "s1", ...ANN, roomId });
    assert.equal(world.chat.presence.onlineCount, 1);
  }
  assert.equal(clock.armed, 0);
  await using world = await ChatWorld.open(settings, clock);
  const { links, presence } = world.chat;
  assert.equal((await links.status("ann")).status, "matched");
  assert.equal(links.counts.matched, 2);
  const [facts] = await presence.facts(["ann"]);
  assert.deepEqual(
    [facts?.nickname, facts?.status, facts?.roomId],
    ["Ann", "offline", roomId],
  );
});

Deno.test("Chat.links expire with their room", async () => {
  await using world = await ChatWorld.open();
  const roomId = await world.match();
  await world.end(roomId);
  for (const userId of ["ann", "bob"]) {
    assert.equal((await world.chat.links.status(userId)).status, "expired");
  }
});

Deno.test("Chat.purge removes a room with its files", async () => {
  using folder = new TempFolder();
  await using world = await ChatWorld.open({
    DATABASE_URL: `sqlite:${folder.file("parlor.db")}`,
    CLEANUP_RETENTION_DAYS: "1",
  });
  const roomId = await world.match();
  const bytes = new TextEncoder().encode("GIF89a");
  await world.chat.uploads.keep(roomId, "image", bytes);
  await world.end(roomId);
  await world.core.callbacks.runs.idle();
  assert.deepEqual(await world.chat.purge.run(), { removed: 0, failed: 0 });
  await world.clock.advance(86_400_001);
  assert.deepEqual(await world.chat.purge.run(), { removed: 1, failed: 0 });
  assert.equal(await world.core.store.room(roomId), undefined);
  const files = [...Deno.readDirSync(folder.file("parlor.db.uploads"))];
  assert.deepEqual(files, []);
});

Deno.test("Chat makes so many test rooms for a user, and lasting ones for all", async () => {
  await using world = await ChatWorld.open();
  const { rooms } = world.chat;
  for (let number = 0; number < OPEN_ROOMS_PER_USER_MAX; number++) {
    assert(rooms.makePublic(`test-room-${number}`, ANN));
  }
  assert.throws(() => rooms.makePublic("test-room-last", ANN), {
    code: "limit_reached",
  });
  assert.equal(rooms.makePublic("none", ANN), undefined);
  assert(rooms.makePublic("general", ANN));
  assert(rooms.makePublic("test-room-last", BOB));
});

Deno.test("Chat lets a public room be there again after its end, and no other", async () => {
  await using world = await ChatWorld.open();
  const { rooms } = world.chat;
  const first = rooms.makePublic("general", ANN);
  assert(first);
  const pair = await world.match();
  await world.end("general");
  await world.end(pair);
  assert.equal(rooms.get("general"), undefined);
  assert.equal(await rooms.hasEnded(pair), true);
  assert.equal(await rooms.hasEnded("general"), false);
  const second = rooms.makePublic("general", BOB);
  assert.notEqual(second?.id, first.id);
  assert.equal(rooms.get("general"), second);
  assert.equal(rooms.find("general"), second);
});
