// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { CallbackReceiver } from "../support/callback_receiver.ts";
import type { Json } from "../support/live_client.ts";
import { chat, newLiveWorld } from "../support/live_world.ts";

Deno.test("A backend hears of a live room and its viewers, and nothing of what came from outside", async () => {
  await using receiver = CallbackReceiver.start();
  await using world = await newLiveWorld({
    isRealTime: true,
    settings: { ...receiver.settings(), LIVE_CHAT: "true" },
  });
  const connection = await world.start("77");
  const { room_id } = await world.ask("77");
  const created = await receiver.expectEvent("RoomCreated", room_id);
  assert.deepEqual(
    [created.body["room_name"], created.body["admin_ids"]],
    ["77", []],
  );
  for (let number = 1; number <= 5; number++) {
    connection.send(chat(`${number}`));
  }
  await world.expectKept("77", 5);
  const named = { user_id: "ann", nickname: "Ann" };
  const ann = await world.watch("77", { query: named });
  ann.say("hello", "c1");
  await ann.expectFrame("ack");
  await receiver.expectEvent("UserJoined", room_id);
  await ann.close();
  const left = await receiver.expectEvent("UserLeft", room_id);
  assert.equal(left.body["user_id"], "ann");
  await world.post("stop", "77");
  await world.app.api(`DELETE /management/rooms/${room_id}`);
  const closed = await receiver.expectEvent("RoomClosed", room_id);
  assert.deepEqual(closed.body["final_stats"], {
    current_users: 0,
    peak_users: 1,
    total_joins: 1,
  });
  const bodies: Json[] = receiver.effects.map(({ body }) => body);
  const messages = bodies.flatMap((body) => body.messages ?? []);
  assert.deepEqual(messages.map(({ content }: Json) => content), ["hello"]);
  const sessions = bodies.flatMap((body) => body.sessions ?? []);
  assert.equal(sessions.length, 1);
  const text = JSON.stringify(bodies);
  for (const word of ["小雨", "live_id", "upstream"]) {
    assert(!text.includes(word), `${word} was told`);
  }
});
