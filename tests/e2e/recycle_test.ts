import assert from "node:assert/strict";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import {
  ChatUser,
  type MatchedPair,
  matchTwo,
  visit,
} from "../support/chat_user.ts";
import { START_AT } from "../support/fake_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** When two users leave, in s: the job looks again at 900 s. */
const LEFT_SECS = 300;

/** Does what the calendar does each minute, at an instant of the test's. */
async function reapAt(world: CallbackWorld, secs: number): Promise<void> {
  await world.advanceTo(secs);
  await world.app.runJob("reap");
  await world.quiet();
}

/** Two users match, enter and leave: none of it takes time. */
async function pairThatLeft(
  world: CallbackWorld,
  ...userIds: [string, string]
): Promise<MatchedPair> {
  const pair = await matchTwo(world.app.url, ...userIds);
  await visit(pair);
  await world.app.expectConnections(0);
  await world.app.idle();
  return pair;
}

function isLive(world: CallbackWorld, roomId: string): boolean {
  return world.app.app.core.registry.get(roomId) !== undefined;
}

/** Why a room stays, or `due`. */
async function reasonOf(
  world: CallbackWorld,
  roomId: string,
  query = "",
): Promise<string> {
  const path = `/management/cleanup/${encodeURIComponent(roomId)}${query}`;
  return (await world.api(`GET ${path}`)).reason;
}

Deno.test("A matched room whose users left is ended after 10:00 by the job, and all hear of it", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { store, presence } = partsOf(world);
  await world.advanceTo(LEFT_SECS);
  const { roomId, people } = await pairThatLeft(world, "ann", "bob");
  const [ann, bob] = people;
  // On another page: only a connection to the room itself would keep it.
  await using page = await ann.attend();
  assert.deepEqual(await ann.activeRooms(), [roomId]);
  await reapAt(world, LEFT_SECS + 599.999);
  assert.equal(await ann.linkStatus(), "matched");
  assert.equal((await store.link("bob"))?.status, "matched");
  assert(isLive(world, roomId));
  await reapAt(world, LEFT_SECS + 600);
  const closed = await world.receiver.expectEvent("RoomClosed", roomId);
  assert.deepEqual(closed.body.final_stats, {
    "current_users": 0,
    "peak_users": 1,
    "total_joins": 2,
  });
  assert.equal(closed.body.timestamp, START_AT / 1000 + LEFT_SECS + 600);
  assert.deepEqual(
    [await ann.linkStatus(), await bob.linkStatus()],
    ["expired", "expired"],
  );
  assert.deepEqual(
    [(await store.link("ann"))?.status, (await store.link("bob"))?.status],
    ["expired", "expired"],
  );
  assert.deepEqual(await ann.activeRooms(), []);
  await world.clock.advance(1000);
  await page.expectFrame("active_rooms_changed");
  const row = await store.room(roomId);
  assert.equal(row?.status, "ended");
  assert.equal(row.endedAt, START_AT + (LEFT_SECS + 600) * 1000);
  const log = await store.log(roomId, { afterSeq: 0, limit: 100 });
  const end = log.find(({ kind }) => kind === "end");
  assert.deepEqual(end?.payload, { reason: "reaped" });
  const [facts] = await presence.facts(["bob"]);
  assert.deepEqual([facts?.status, facts?.isOnline], ["offline", false]);
  const messages = await bob.api(`GET chat/${roomId}/messages/`);
  assert.deepEqual(
    [messages.status, messages.body.code],
    [410, "room_ended"],
  );
});

function partsOf(world: CallbackWorld) {
  const { chat, store } = world.app.app.core;
  return { store, presence: chat.presence };
}

Deno.test("The job runs every 5 minutes and looks at each room by itself", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  await world.advanceTo(LEFT_SECS);
  const first = await pairThatLeft(world, "ann", "bob");
  await world.advanceTo(LEFT_SECS + 1);
  const second = await pairThatLeft(world, "cat", "dan");
  await reapAt(world, 900);
  assert(!isLive(world, first.roomId));
  // Empty for 9:59.
  assert(isLive(world, second.roomId));
  await reapAt(world, 1199);
  assert(isLive(world, second.roomId), "the next turn comes at 1200 s");
  await reapAt(world, 1200);
  assert(!isLive(world, second.roomId));
});

Deno.test("A room is spared at 4:59 of age and ended at 5:00, though nobody ever came", async () => {
  const settings = { CLEANUP_MINUTES: "1" };
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    settings,
  });
  const old = await matchTwo(world.app.url, "ann", "bob");
  await world.advanceTo(1);
  const young = await matchTwo(world.app.url, "cat", "dan");
  await world.advanceTo(300);
  assert.equal(await reasonOf(world, young.roomId), "too_young");
  await reapAt(world, 300);
  assert(!isLive(world, old.roomId));
  assert(isLive(world, young.roomId));
  await reapAt(world, 600);
  assert(!isLive(world, young.roomId));
  await world.receiver.expectEvent("RoomClosed", young.roomId);
});

Deno.test("A user who reconnects at the last second keeps the room, and its 10 minutes begin again", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  await world.advanceTo(LEFT_SECS);
  const { people, roomId } = await pairThatLeft(world, "ann", "bob");
  await world.advanceTo(LEFT_SECS + 599);
  {
    await using bob = await people[1].enter(roomId);
    await reapAt(world, LEFT_SECS + 600);
    assert.equal(await reasonOf(world, roomId, "?force=true"), "connected");
    // Who is here may be silent for as long as they like.
    await reapAt(world, LEFT_SECS + 3600 - 1);
    bob.send("ping");
    await bob.expectFrame("pong");
  }
  await world.app.expectConnections(0);
  await world.app.idle();
  await reapAt(world, LEFT_SECS + 3600 - 1 + 599.999);
  assert.equal(await reasonOf(world, roomId), "emptied_recently");
  await reapAt(world, LEFT_SECS + 3600 + 900);
  assert(!isLive(world, roomId));
});

Deno.test("Users who come back while the job runs are in a room that goes on, or are told that it ended", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  await world.advanceTo(LEFT_SECS);
  const pairs: MatchedPair[] = [];
  for (let index = 0; index < 10; index++) {
    pairs.push(await pairThatLeft(world, `a${index}`, `b${index}`));
  }
  await world.advanceTo(LEFT_SECS + 600);
  const [, ...entries] = await Promise.allSettled([
    world.app.runJob("reap"),
    ...pairs.map(({ people, roomId }) => people[0].enter(roomId)),
  ]);
  await world.quiet();
  for (const [index, { roomId }] of pairs.entries()) {
    const entry = entries[index];
    if (entry?.status !== "fulfilled") {
      assert(!isLive(world, roomId), "a live room refused its user");
      continue;
    }
    await using client = entry.value;
    if (isLive(world, roomId)) continue;
    await client.expectFrame("room_ended");
    await client.closed();
  }
});

Deno.test("A clock that is set back an hour neither hastens an end nor holds it up", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  await world.advanceTo(LEFT_SECS);
  const { roomId } = await pairThatLeft(world, "ann", "bob");
  await reapAt(world, 600);
  world.clock.setBack(3_600_000);
  await world.clock.advance(299_999);
  await world.app.runJob("reap");
  assert(isLive(world, roomId));
  await world.clock.advance(1);
  await world.app.runJob("reap");
  assert(!isLive(world, roomId));
  await world.quiet();
  await world.receiver.expectEvent("RoomClosed", roomId);
});

Deno.test("A room that no job saw before the clock was set back is ended 10 minutes after", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { roomId } = await pairThatLeft(world, "ann", "bob");
  world.clock.setBack(3_600_000);
  await world.app.runJob("reap");
  await world.clock.advance(300_000);
  await world.app.runJob("reap");
  assert(isLive(world, roomId));
  await world.clock.advance(600_000);
  await world.app.runJob("reap");
  assert(!isLive(world, roomId));
});

Deno.test("Rooms that are pinned, waiting or made to stay are never ended, by force neither", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app } = world;
  const rooms = {
    stays: await app.createRoom(),
    closes: await app.createRoom({ "auto_close": true }),
    pinned: await app.createRoom({ "auto_close": true, pinned: "Be kind" }),
  };
  const guest = await ChatUser.logIn(app.url, "guest");
  {
    await using _visit = await guest.enter("public-room");
  }
  await world.advanceTo(600);
  const carl = await ChatUser.logIn(app.url, "carl");
  await carl.press();
  await reapAt(world, 1199);
  const waiting = [...app.app.core.registry.all()].find(({ state }) =>
    state.chat?.isWaiting
  );
  assert(waiting);
  assert(!isLive(world, rooms.closes));
  const force = { force: true };
  const report = await world.api("POST /management/cleanup", force);
  assert.deepEqual(report.rooms, []);
  const reasons = [rooms.stays, rooms.pinned, "public-room", waiting.id].map(
    (roomId) => reasonOf(world, roomId),
  );
  assert.deepEqual(await Promise.all(reasons), [
    "auto_close_off",
    "pinned",
    "pinned",
    "waiting",
  ]);
  assert.equal(await carl.linkStatus(), "pending");
  assert.deepEqual(world.typesOf(rooms.stays), ["RoomCreated"]);
  assert.deepEqual(world.typesOf(rooms.closes), ["RoomCreated", "RoomClosed"]);
});

Deno.test("A room that cannot be ended keeps no other from it, and is tried again", async () => {
  using folder = new TempFolder();
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    databaseFile: folder.file("parlor.db"),
  });
  const pairs = [
    await pairThatLeft(world, "ann", "bob"),
    await pairThatLeft(world, "cat", "dan"),
    await pairThatLeft(world, "eve", "fay"),
  ];
  const ids = pairs.map(({ roomId }) => roomId);
  const [, broken = ""] = ids;
  const actor = world.app.app.core.registry.get(broken);
  assert(actor);
  const { operate } = actor;
  actor.operate = () => Promise.reject(new Error("a bug of ours"));
  await reapAt(world, 600);
  assert.deepEqual(ids.map((id) => isLive(world, id)), [false, true, false]);
  const failure = world.app.log.lines.find(({ fields }) =>
    fields["event"] === "room_reap_failed"
  );
  assert.equal(failure?.fields["room"], broken);
  const written = Deno.readTextFileSync(folder.file("chat_cleanup.log"));
  assert.match(written, new RegExp(`ERROR - 清理聊天室 ${broken} 时出错: `));
  assert(!written.includes("a bug of ours"));
  assert.match(written, /INFO - 本次清理: 2 个聊天室/);
  actor.operate = operate;
  await reapAt(world, 900);
  assert(!isLive(world, broken));
});

Deno.test("A restart gives those whom it put out 2 minutes before anything is ended", async () => {
  using folder = new TempFolder();
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    databaseFile: folder.file("parlor.db"),
  });
  const empty = await pairThatLeft(world, "ann", "bob");
  const returning = await pairThatLeft(world, "cat", "dan");
  await world.end();
  // One second more and the grace would be over when the job is due.
  world.clock.leap((3600 + 181) * 1000);
  await world.begin();
  assert.equal(await reasonOf(world, empty.roomId), "due");
  const cat = await ChatUser.logIn(world.app.url, "cat");
  await reapAt(world, 3600 + 300);
  assert(isLive(world, empty.roomId));
  await using _client = await cat.enter(returning.roomId);
  await reapAt(world, 3600 + 600);
  assert(!isLive(world, empty.roomId));
  assert(isLive(world, returning.roomId));
});

Deno.test("A restart ends empty rooms as soon as its 2 minutes are over", async () => {
  using folder = new TempFolder();
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    databaseFile: folder.file("parlor.db"),
  });
  const { roomId } = await pairThatLeft(world, "ann", "bob");
  await world.end();
  world.clock.leap((3600 + 180) * 1000);
  await world.begin();
  await reapAt(world, 3600 + 300);
  assert(!isLive(world, roomId));
  assert.equal((await partsOf(world).store.link("ann"))?.status, "expired");
  await world.receiver.expectEvent("RoomClosed", roomId);
});
