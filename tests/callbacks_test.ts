import assert from "node:assert/strict";
import { callbackPlan, urgency } from "../src/callbacks.ts";
import type { DurableRecord } from "../src/wire/record.ts";
import { readConfig } from "../src/config.ts";
import { NO_CALLBACKS } from "../src/wire/callback.ts";
import { CallbackReceiver } from "./support/callback_receiver.ts";
import { closedRecord, messageRecord } from "./support/records.ts";
import { TempFolder } from "./support/temp_folder.ts";
import { newTestApp } from "./support/test_app.ts";

function planOf(env: Readonly<Record<string, string>>) {
  return callbackPlan(readConfig(env).callback);
}

Deno.test("callbackPlan names the endpoints that have a URL", () => {
  assert.deepEqual(planOf({}), NO_CALLBACKS);
  const url = "http://127.0.0.1:1/";
  const plan = planOf({
    DATA_CALLBACK_URL: url,
    CHAT_HISTORY_CALLBACK_URL: url,
    ROOM_EVENT_EXTRA: "true",
  });
  assert.deepEqual([...plan.endpoints], ["chat-history", "sync"]);
  assert.equal(plan.hasExtra, true);
});

/** Something from outside, in a live room. */
const FED: DurableRecord = {
  type: "entry",
  entry: {
    roomId: "a",
    seq: 1,
    id: "1",
    at: 0,
    kind: "live",
    actor: null,
    payload: { type: "chat", text: "{}", count: 1 },
  },
};

Deno.test("urgency hurries what makes an event at once, where one is wanted", () => {
  const url = "http://127.0.0.1:1/";
  const { isUrgent } = urgency(planOf({ ROOM_EVENT_CALLBACK_URL: url }));
  assert.equal(isUrgent?.(closedRecord()), true);
  assert.equal(isUrgent?.(messageRecord("a", 1)), false);
  assert.equal(isUrgent?.(FED), false);
  assert.deepEqual(urgency(planOf({ CHAT_HISTORY_CALLBACK_URL: url })), {});
  assert.deepEqual(urgency(NO_CALLBACKS), {});
});

Deno.test("Callbacks tell at the next start what a stop left untold", async () => {
  using folder = new TempFolder();
  await using receiver = CallbackReceiver.start();
  const settings = {
    DATABASE_URL: `sqlite:${folder.file("parlor.db")}`,
    ...receiver.settings(),
  };
  await receiver.down();
  let roomId: string;
  {
    await using app = await newTestApp(settings, { isRealTime: true });
    roomId = await app.createRoom();
    const ann = await app.joinRoom(roomId, "ann");
    ann.sendChat("hello", "m-1");
    await ann.expectAck("m-1");
  }
  receiver.up();
  await using _app = await newTestApp(settings, { isRealTime: true });
  for (const type of ["RoomCreated", "UserJoined", "UserLeft"]) {
    await receiver.expectEvent(type, roomId);
  }
  const { body } = await receiver.expectEvent("ChatHistoryBatch", roomId);
  assert.equal(body["is_last_batch"], true);
  await receiver.expectEvent("SessionHistoryBatch", roomId);
});
