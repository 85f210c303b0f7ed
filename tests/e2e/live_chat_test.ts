import assert from "node:assert/strict";
import { liveUrl } from "../support/live_client.ts";
import { chat, newLiveWorld } from "../support/live_world.ts";
import { TEST_KEY } from "../support/test_app.ts";
import { WsClient } from "../support/ws_client.ts";

/** Long enough for tokens of the server's own. */
const SECRET = "0123456789abcdef0123456789abcdef";

const OPEN = { settings: { LIVE_CHAT: "true" } };

const ANN = { query: { user_id: "ann", nickname: "Ann" } };

Deno.test("A viewer can write nothing in a live room, whoever it is", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const ann = await world.watch("77", ANN);
  assert.deepEqual(ann.snapshot.user, { user_id: "ann", nickname: "Ann" });
  ann.say("hello", "m-1");
  const refusal = await ann.expectError("read_only");
  assert.equal(refusal.client_msg_id, "m-1");
  const guest = await world.watch("77");
  guest.say("hello", "m-2");
  assert.equal((await guest.expectFrame("error")).client_msg_id, "m-2");
  connection.send(chat("only this"));
  for (const viewer of [ann, guest]) {
    await viewer.expectChat("only this");
    assert.deepEqual(viewer.contents, ["only this"]);
  }
  assert.deepEqual(await world.logged("77"), ["only this"]);
});

Deno.test("With LIVE_CHAT a viewer's chat is in the log among the others, and marked", async () => {
  await using world = await newLiveWorld(OPEN);
  const connection = await world.start("77");
  const ann = await world.watch("77", ANN);
  const guest = await world.watch("77");
  connection.send(chat("from outside"));
  for (const viewer of [ann, guest]) await viewer.expectChat("from outside");
  ann.say("from Ann", "m-1");
  const ack = await ann.expectFrame("ack");
  assert.deepEqual([ack.client_msg_id, ack.seq], ["m-1", 2]);
  const { data, seq, id } = await guest.expectChat("from Ann");
  assert.deepEqual([seq, id], [2, ack.id]);
  assert.deepEqual(data, {
    type: "chat",
    timestamp: world.app.clock.now() / 1000,
    "user_id": "ann",
    "user_name": "Ann",
    content: "from Ann",
    "user_avatar": "",
    "live_id": "77",
    viewer: true,
  });
  const log = await world.log("77");
  assert.deepEqual(log.map((entry) => entry.data.content), [
    "from outside",
    "from Ann",
  ]);
  assert.deepEqual(log[1]?.data, data);
  // The same send again is the same message.
  ann.say("from Ann", "m-1");
  assert.equal((await ann.expectFrame("ack")).seq, 2);
  assert.equal((await world.log("77")).length, 2);
  // Nothing of it goes upstream, and it is none of the link's messages.
  assert.deepEqual(connection.texts.all, []);
  assert.equal((await world.ask("77")).stats.messages, 1);
});

Deno.test("With LIVE_CHAT a guest only watches", async () => {
  await using world = await newLiveWorld(OPEN);
  await world.start("77");
  const guest = await world.watch("77");
  assert.match(guest.snapshot.user.user_id, /^viewer-/);
  guest.say("hello", "m-1");
  await guest.expectError("login_required");
  assert.deepEqual(await world.log("77"), []);
});

Deno.test("Where tokens are needed a guest watches without, and who says a name has to have one", async () => {
  await using world = await newLiveWorld({
    settings: { ...OPEN.settings, AUTH_SECRET: SECRET },
  });
  await world.start("77");
  const guest = await world.watch("77");
  assert.match(guest.snapshot.user.user_id, /^viewer-/);
  for (const query of [{ user_id: "ann" }, { token: "nonsense" }]) {
    await assert.rejects(
      WsClient.open(liveUrl(world.app.url, "77", { query })),
      /Cannot connect/,
    );
  }
  const token = await world.app.mintToken("ann", { name: "Ann" });
  const ann = await world.watch("77", { query: { token } });
  assert.equal(ann.snapshot.user.user_id, "ann");
  ann.say("hello", "m-1");
  assert.equal((await guest.expectChat("hello")).data.user_id, "ann");
});

Deno.test("What is no frame of the dialect is answered with an error, and the viewer stays", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  viewer.send("nonsense");
  await viewer.expectError("unknown_type");
  viewer.send("history", { limit: "many" });
  await viewer.expectError("bad_request");
  connection.send(chat("still here"));
  await viewer.expectChat("still here");
});

Deno.test("A live room is not reached by the ways of other rooms", async () => {
  await using world = await newLiveWorld();
  await world.start("77");
  const { room_id: roomId } = await world.ask("77");
  const base = world.app.url.replace(/^http/, "ws");
  for (
    const path of [
      `/ws/rooms/${roomId}?user_id=ann&nickname=Ann`,
      `/ws/chat/${roomId}/?user_id=ann`,
    ]
  ) {
    await assert.rejects(WsClient.open(base + path), /Cannot connect/, path);
  }
  // The operator sees it, and what feeds it.
  const { body } = await world.app.api(`GET /management/rooms/${roomId}`);
  assert.equal(body.kind, "live");
  const log = JSON.stringify(world.app.log.lines);
  assert(!log.includes(TEST_KEY));
});
