import assert from "node:assert/strict";
import { chat, newLiveWorld } from "../support/live_world.ts";

Deno.test("A source is asked with its headers and subprotocol, and hears its heartbeat", async () => {
  await using world = await newLiveWorld({
    source: {
      headers: { "X-Room-Token": "abc" },
      subprotocol: "demo.v1",
      heartbeat: { text: '{"op":"hb"}', "every_seconds": 10 },
    },
  });
  const connection = await world.start("77");
  const { headers } = connection.request;
  assert.equal(headers.get("x-room-token"), "abc");
  assert.equal(headers.get("sec-websocket-protocol"), "demo.v1");
  await world.pass(9999);
  assert.deepEqual(connection.texts.all, []);
  await world.pass(1);
  await connection.texts.take((text) => text === '{"op":"hb"}', "heartbeat 1");
  await world.pass(10_000);
  await connection.texts.take((text) => text === '{"op":"hb"}', "heartbeat 2");
  // The next connection has a heartbeat of its own, and the last one none.
  connection.drop();
  await world.expectState("77", "waiting");
  await world.pass(1000);
  const again = await world.connected("77");
  await world.pass(10_000);
  await again.texts.take((text) => text === '{"op":"hb"}', "a heartbeat");
  assert.equal(again.texts.all.length, 1);
});

Deno.test("The messages of a source in words of its own reach viewers in the reference's shapes", async () => {
  await using world = await newLiveWorld({
    source: {
      messages: "data.items",
      mapping: {
        type: "cmd",
        types: { DANMU: "chat", GIFT: "gift", NOISE: null },
        fields: {
          "user_id": "from.uid",
          "user_name": "from.name",
          content: "text",
          "gift_name": "gift.name",
          "gift_count": "gift.num",
        },
        id: "no",
      },
    },
  });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  const from = { uid: 7, name: "Ben" };
  const items = [
    { cmd: "DANMU", no: 1, from, text: "hi" },
    { cmd: "NOISE", no: 2 },
    { cmd: "GIFT", no: 3, from, gift: { name: "Rocket", num: 2 } },
    { cmd: "DANMU", no: 1, from, text: "hi" },
  ];
  connection.send({ data: { items } });
  const timestamp = world.app.clock.now() / 1000;
  const { data: said } = await viewer.expectMessage("chat");
  const { data: given } = await viewer.expectMessage("gift");
  const common = { timestamp, "user_id": "7", "user_name": "Ben" };
  const shown = { ...common, "user_avatar": "", "live_id": "77" };
  assert.deepEqual(said, { ...shown, type: "chat", content: "hi", id: 1 });
  assert.deepEqual(given, {
    ...shown,
    type: "gift",
    "gift_name": "Rocket",
    "gift_count": 2,
    id: 3,
  });
  await viewer.caughtUp();
  assert.equal((await world.log("77")).length, 2);
});

Deno.test("A source of plain text is a room of chats", async () => {
  await using world = await newLiveWorld({ source: { format: "text" } });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send("hello { there");
  const { data } = await viewer.expectChat("hello { there");
  assert.equal(data.type, "chat");
});

Deno.test("A user's id that no number of JavaScript can say reaches viewers digit by digit", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  const text = JSON.stringify(chat("hi", { "user_id": 0, id: undefined }));
  connection.send(
    text.replace('"user_id":0', '"user_id":98765432109876543210'),
  );
  const { data } = await viewer.expectChat("hi");
  assert.equal(data.user_id, "98765432109876543210");
});
