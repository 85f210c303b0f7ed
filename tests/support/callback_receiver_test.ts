// deno-lint-ignore-file camelcase -- Bodies as they are on the wire.

import assert from "node:assert/strict";
import { type CallbackPath, CallbackReceiver } from "./callback_receiver.ts";
import { RandomFailure } from "./callback_receiver_failure.ts";

async function post(
  receiver: CallbackReceiver,
  path: CallbackPath,
  { id, body }: { id: string; body: unknown },
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(receiver.url(path), {
    method: "POST",
    headers: { "webhook-id": id },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function get(
  receiver: CallbackReceiver,
  path: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${receiver.port}${path}`);
  return { status: response.status, body: await response.json() };
}

Deno.test("CallbackReceiver answers as the reference receiver does", async () => {
  await using receiver = CallbackReceiver.start();
  const batch = {
    event_type: "ChatHistoryBatch",
    room_id: "r1",
    messages: [{ content: "hi" }, { content: "there" }],
    is_last_batch: true,
  };
  const sent = { id: "chat_r1_1", body: batch };
  assert.deepEqual(await post(receiver, "/api/chat-history", sent), {
    status: 200,
    body: {
      status: "success",
      message: "ChatHistoryBatch received",
      is_last_batch: true,
    },
  });
  assert.deepEqual(
    await post(receiver, "/api/room-events", { id: "x", body: {} }),
    { status: 400, body: { error: "No data provided" } },
  );
  assert.equal((await get(receiver, "/health")).status, 200);
  assert.deepEqual(await get(receiver, "/rooms/r2"), {
    status: 404,
    body: { error: "Room not found" },
  });
});

Deno.test("CallbackReceiver has the effect of an event once", async () => {
  await using receiver = CallbackReceiver.start();
  const sync = {
    room_id: "r1",
    chat_history: [{ content: "hi" }],
    session_history: [],
  };
  const stay = {
    event_type: "SessionHistoryBatch",
    room_id: "r1",
    sessions: [{ user_id: "ann" }],
  };
  for (let time = 0; time < 2; time++) {
    await post(receiver, "/sync/room", { id: "sync_r1_1", body: sync });
    await post(receiver, "/api/session-history", { id: "s1", body: stay });
  }
  assert.deepEqual(receiver.effects.map(({ id }) => id), ["sync_r1_1", "s1"]);
  assert.deepEqual(
    receiver.deliveries.map(({ isRepeat }) => isRepeat),
    [false, false, true, true],
  );
  const { body } = await get(receiver, "/stats");
  assert.deepEqual({ ...body as object, timestamp: 0 }, {
    total_rooms: 1,
    total_chat_records: 1,
    total_session_records: 1,
    total_events: 2,
    today_syncs: 1,
    timestamp: 0,
  });
});

Deno.test("CallbackReceiver has no effect of what it refused", async () => {
  await using receiver = CallbackReceiver.start();
  receiver.failWith({ kind: "status", status: 500 }, { times: 1 });
  const sent = { id: "e1", body: { event_type: "Test", room_id: "r1" } };
  assert.equal((await post(receiver, "/api/room-events", sent)).status, 500);
  assert.equal(receiver.effects.length, 0);
  assert.equal((await post(receiver, "/api/room-events", sent)).status, 200);
  const { isRepeat } = await receiver.expectEvent("Test", "r1");
  assert.equal(isRepeat, true);
});

Deno.test("RandomFailure fails the same requests for the same seed", () => {
  function kinds(seed: number): string[] {
    const mode = new RandomFailure(0.5, { seed });
    return Array.from({ length: 50 }, () => mode.next()?.kind ?? "none");
  }
  assert.deepEqual(kinds(7), kinds(7));
  assert.notDeepEqual(kinds(7), kinds(8));
  assert(kinds(7).includes("none") && kinds(7).includes("break"));
});
