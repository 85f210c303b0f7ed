// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { VERSION } from "../../src/version.ts";
import type { Delivery } from "../support/callback_receiver.ts";
import { SignatureCheck } from "../support/callback_receiver_signature.ts";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import { START_AT } from "../support/fake_clock.ts";

const START_SECS = START_AT / 1000;
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
