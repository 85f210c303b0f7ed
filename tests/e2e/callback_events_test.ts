// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import { START_AT } from "../support/fake_clock.ts";

const START_SECS = START_AT / 1000;
const ROOM_EVENT_EXTRA = "true";

/** What the backend had effects of, in order, without their rooms. */
function bodies(world: CallbackWorld): unknown[] {
  return world.receiver.effects.map(({ body }) => body);
}

Deno.test("A backend hears of a room from its creation to its end", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app, receiver } = world;
  const room_id = await app.createRoom({ admins: ["admin", "zoe"] });
  await world.tell();
  await receiver.expectEvent("RoomCreated");
  await world.advanceTo(10);
  const ann = await app.joinRoom(room_id, "ann");
  await world.advanceTo(11.9);
  const bob = await app.joinRoom(room_id, "bob");
  await world.advanceTo(95.5);
  await ann.close();
  await app.expectConnections(1);
  await world.advanceTo(200);
  await world.api(`DELETE /management/rooms/${room_id}`);
  await receiver.expectEvent("RoomClosed");
  const session_ids = [ann, bob].map(({ welcome }) => welcome.session_id);
  assert.deepEqual(bodies(world), [
    {
      event_type: "RoomCreated",
      room_id,
      room_name: "Lounge",
      admin_ids: ["admin", "zoe"],
      timestamp: START_SECS,
    },
    {
      event_type: "UserJoined",
      room_id,
      user_id: "ann",
      session_id: session_ids[0],
      timestamp: START_SECS + 10,
    },
    {
      event_type: "UserJoined",
      room_id,
      user_id: "bob",
      session_id: session_ids[1],
      timestamp: START_SECS + 11,
    },
    {
      event_type: "UserLeft",
      room_id,
      user_id: "ann",
      duration: 85,
      session_id: session_ids[0],
      timestamp: START_SECS + 95,
    },
    {
      event_type: "UserLeft",
      room_id,
      user_id: "bob",
      // Between the two seconds that are told: 11 and 200.
      duration: 189,
      session_id: session_ids[1],
      timestamp: START_SECS + 200,
    },
    {
      event_type: "RoomClosed",
      room_id,
      final_stats: { current_users: 1, peak_users: 2, total_joins: 2 },
      timestamp: START_SECS + 200,
    },
  ]);
  assert.deepEqual(receiver.effects.map(({ id }) => id), [
    `created_${room_id}`,
    `joined_${session_ids[0]}`,
    `joined_${session_ids[1]}`,
    `left_${session_ids[0]}`,
    `left_${session_ids[1]}`,
    `closed_${room_id}`,
  ]);
});

Deno.test("A backend hears within 50 ms, and not only when a batch is full", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const room_id = await world.app.createRoom();
  await world.app.idle();
  await world.clock.advance(49);
  assert.equal(world.receiver.deliveries.length, 0);
  await world.clock.advance(1);
  await world.receiver.expectEvent("RoomCreated", room_id);
});

Deno.test("A user who connects again has left before they join again", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  const older = await app.joinRoom(room_id, "ann");
  await world.advanceTo(30);
  const newer = await app.joinRoom(room_id, "ann");
  await older.expectClosed(4500);
  await world.quiet();
  assert.deepEqual(receiver.effects.map(({ id }) => id), [
    `created_${room_id}`,
    `joined_${older.welcome.session_id}`,
    `left_${older.welcome.session_id}`,
    `joined_${newer.welcome.session_id}`,
  ]);
});

/** Does each thing that an admin may, in room `room_id`, and what ends itself. */
async function moderate(world: CallbackWorld, room_id: string) {
  const { app } = world;
  const admin = await app.joinAsAdmin(room_id);
  const ann = await app.joinRoom(room_id, "ann");
  ann.sendChat("rude");
  await admin.expectChat("rude");
  await world.advanceTo(10);
  admin.send("DeleteMessage", { seq: 1 });
  await admin.expectFrame("MessageDeleted");
  admin.send("MuteUser", { user_id: "ann", duration_secs: 60 });
  await admin.expectFrame("UserMuted");
  admin.send("UnmuteUser", { user_id: "ann" });
  await admin.expectFrame("UserUnmuted");
  admin.send("KickUser", { user_id: "ann" });
  await ann.expectClosed(4502);
  await world.api(`DELETE /management/rooms/${room_id}/bans/ann`);
  const ban = { user_id: "bob", duration_secs: 30 };
  await world.api(`POST /management/rooms/${room_id}/bans`, ban);
  // Time lifts it.
  await world.advanceTo(40);
  const mute = { user_id: "cat" };
  await world.api(`POST /management/rooms/${room_id}/mutes`, mute);
  await world.quiet();
}

Deno.test("ROOM_EVENT_EXTRA tells of what admins, the operator and time do", async () => {
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    settings: { ROOM_EVENT_EXTRA },
  });
  const room_id = await world.app.createRoom();
  await moderate(world, room_id);
  const usual = ["RoomCreated", "UserJoined", "UserLeft"];
  const extra = world.receiver.effects
    .filter(({ type }) => !usual.includes(type));
  const timestamp = START_SECS + 10;
  assert.deepEqual(extra.map(({ body }) => body), [
    {
      event_type: "MessageDeleted",
      room_id,
      seq: 1,
      by: "admin",
      entry_seq: 2,
      timestamp,
    },
    {
      event_type: "UserMuted",
      room_id,
      user_id: "ann",
      by: "admin",
      seq: 3,
      until: START_AT + 70_000,
      timestamp,
    },
    {
      event_type: "UserUnmuted",
      room_id,
      user_id: "ann",
      by: "admin",
      seq: 4,
      timestamp,
    },
    {
      event_type: "UserKicked",
      room_id,
      user_id: "ann",
      by: "admin",
      seq: 5,
      timestamp,
    },
    {
      event_type: "UserUnbanned",
      room_id,
      user_id: "ann",
      by: null,
      seq: 6,
      timestamp,
    },
    {
      event_type: "UserBanned",
      room_id,
      user_id: "bob",
      by: null,
      seq: 7,
      until: START_AT + 40_000,
      timestamp,
    },
    {
      event_type: "UserUnbanned",
      room_id,
      user_id: "bob",
      by: null,
      seq: 8,
      timestamp: START_SECS + 40,
    },
    {
      event_type: "UserMuted",
      room_id,
      user_id: "cat",
      by: null,
      seq: 9,
      until: null,
      timestamp: START_SECS + 40,
    },
  ]);
  // Who is put out has been kicked before they leave.
  const types = world.typesOf(room_id);
  assert.equal(types[types.indexOf("UserKicked") + 1], "UserLeft");
});

Deno.test("Without ROOM_EVENT_EXTRA what admins do is not told", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const room_id = await world.app.createRoom();
  await moderate(world, room_id);
  assert.deepEqual(world.typesOf(room_id), [
    "RoomCreated",
    "UserJoined",
    "UserJoined",
    "UserLeft",
  ]);
});
