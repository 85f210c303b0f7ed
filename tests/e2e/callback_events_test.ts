// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { VERSION } from "../../src/version.ts";
import type { Delivery } from "../support/callback_receiver.ts";
import { SignatureCheck } from "../support/callback_receiver_signature.ts";
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

const OLD_SECRET = "the-secret-of-last-year";
const NEW_SECRET = `whsec_${btoa("the-secret-of-this-year")}`;

/** The signatures of a delivery, each as a request that has no other. */
function singlySigned({ headers, text }: Delivery) {
  const signatures = headers.get("webhook-signature")?.split(" ") ?? [];
  return signatures.map((one) => {
    const alone = new Headers(headers);
    alone.set("webhook-signature", one);
    return { headers: alone, text };
  });
}

Deno.test("A callback says who sends it, what it is and when, and is signed by each secret", async () => {
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    secret: NEW_SECRET,
    settings: { CALLBACK_SECRET: `${OLD_SECRET}, ${NEW_SECRET}` },
  });
  const { receiver } = world;
  receiver.failWith({ kind: "status", status: 500 }, { times: 1 });
  const room_id = await world.app.createRoom();
  await world.pass(() => receiver.effects.length > 0);
  const [first, second] = receiver.deliveries;
  assert(first !== undefined && second !== undefined);
  for (const delivery of [first, second]) {
    const { headers, isSigned } = delivery;
    assert.equal(headers.get("content-type"), "application/json");
    assert.equal(headers.get("user-agent"), `Parlor/${VERSION}`);
    assert.equal(headers.get("webhook-id"), `created_${room_id}`);
    assert.equal(isSigned, true);
    const [byOld, byNew, ...more] = singlySigned(delivery);
    assert(byOld !== undefined && byNew !== undefined && more.length === 0);
    const checks = [OLD_SECRET, NEW_SECRET].map((secret) =>
      new SignatureCheck(secret, { anyTime: true })
    );
    assert.deepEqual(
      checks.flatMap((check) => [check.isRight(byOld), check.isRight(byNew)]),
      [true, false, false, true],
    );
  }
  // A later attempt is the same callback, signed when it is made.
  assert.equal(second.text, first.text);
  assert.deepEqual(
    [first, second].map(({ headers }) => headers.get("webhook-timestamp")),
    [`${START_SECS}`, `${START_SECS + 5}`],
  );
});

Deno.test("A receiver with another secret takes nothing, and nothing is lost", async () => {
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    secret: "what-the-receiver-knows",
    settings: { CALLBACK_SECRET: "what-the-server-knows" },
  });
  await world.app.createRoom();
  await world.quiet();
  const [delivery] = world.receiver.deliveries;
  assert.deepEqual(
    [delivery?.isSigned, delivery?.answer],
    [false, "401"],
  );
  const { backlog, last_error } = await world.endpoint("room-events");
  assert.deepEqual([backlog, last_error], [1, "HTTP 401"]);
});

Deno.test("Without CALLBACK_SECRET a callback has an id and no signature", async () => {
  await using world = await CallbackWorld.start({ urls: ROOM_EVENTS });
  const room_id = await world.app.createRoom();
  await world.quiet();
  const { headers } = await world.receiver.expectEvent("RoomCreated");
  assert.equal(headers.get("webhook-id"), `created_${room_id}`);
  assert.equal(headers.get("webhook-signature"), null);
});

Deno.test("CALLBACK_ALLOWED_HOSTS lets callbacks and samples go to these alone", async () => {
  await using world = await CallbackWorld.start({
    urls: ROOM_EVENTS,
    settings: { CALLBACK_ALLOWED_HOSTS: "backend.example, 127.0.0.1" },
  });
  const { app, receiver } = world;
  const room_id = await app.createRoom();
  await world.quiet();
  await receiver.expectEvent("RoomCreated", room_id);
  const url = receiver.url().replace("127.0.0.1", "localhost");
  const line = "POST /management/callbacks/test";
  const { status, body } = await app.api(line, { body: { url } });
  assert.deepEqual([status, body.code], [403, "host_refused"]);
  assert.equal(receiver.deliveries.length, 1);
});
