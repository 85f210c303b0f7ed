import assert from "node:assert/strict";
import { type Json, liveUrl } from "../support/live_client.ts";
import {
  chat,
  gift,
  type LiveWorld,
  newLiveWorld,
} from "../support/live_world.ts";
import { refusedUpgrade } from "../support/raw_socket.ts";

/** What the management API answers about a live room; fails on a refusal. */
async function manage(
  world: LiveWorld,
  line: string,
  body?: unknown,
): Promise<Json> {
  const [method = "", path = ""] = line.split(" ");
  const { room_id: roomId } = await world.ask("77");
  const request = body === undefined ? {} : { body };
  const answer = await world.app.api(
    `${method} /management/rooms/${roomId}${path}`,
    request,
  );
  assert(answer.status < 300, `${line}: ${JSON.stringify(answer)}`);
  return answer.body;
}

async function newRoom(settings = {}) {
  const world = await newLiveWorld({ settings });
  const connection = await world.start("77");
  return { world, connection };
}

Deno.test("An operator sees a live room in the list, by itself, and what was said in it", async () => {
  const { world, connection } = await newRoom();
  await using _world = world;
  await world.watch("77");
  const named = { "user_id": "ann", nickname: "Ann" };
  await world.watch("77", { query: named });
  connection.send(chat("hello"));
  await world.expectKept("77", 1);
  connection.send(gift("g", 3));
  await world.expectKept("77", 2);
  const { room_id: roomId, epoch } = await world.ask("77");
  const { body: rows } = await world.app.api("GET /management/rooms");
  assert.equal(rows.length, 1);
  const [{ room_id: listed, room_name: name, current_users: users }] = rows;
  assert.deepEqual([listed, name, users], [roomId, "77", 2]);
  const room = await manage(world, "GET ");
  assert.deepEqual(
    [room.kind, room.live_id, room.epoch, room.session_count, room.last_seq],
    ["live", "77", epoch, 2, 2],
  );
  assert.deepEqual([room.status, room.auto_close], ["active", true]);
  const { entries } = await manage(world, "GET /messages?after_seq=0");
  assert.deepEqual(
    entries.map((entry: Json) => [entry.seq, entry.type, entry.upstream_id]),
    [[1, "LiveMessage", "id-hello"], [2, "LiveMessage", "g"]],
  );
  const [first, second] = entries;
  assert.equal(first.payload.content, "hello");
  assert.deepEqual([second.payload.type, second.count], ["gift", 3]);
  const { records } = await manage(world, "GET /sessions");
  const ids = records.map((row: Json) => row.user_id).sort();
  assert.equal(ids[0], "ann");
  assert.match(ids[1], /^viewer-/);
});

Deno.test("What an operator says reaches who watches, and those who come later", async () => {
  const { world } = await newRoom();
  await using _world = world;
  const viewer = await world.watch("77");
  const said = await manage(world, "POST /messages", { content: "Soon!" });
  const told = await viewer.expectFrame("system");
  assert.deepEqual(
    [told.message, told.seq, told.id],
    ["Soon!", said.seq, said.id],
  );
  const event = { "event_type": "poll", payload: { question: "Tea?" } };
  await manage(world, "POST /events", event);
  const { event_type: type, payload } = await viewer.expectFrame(
    "custom_event",
  );
  assert.deepEqual([type, payload], ["poll", event.payload]);
  const { snapshot } = await world.watch("77");
  assert.deepEqual(
    snapshot.messages.map(({ data }: Json) => data.type),
    ["system", "custom_event"],
  );
});

Deno.test("An operator takes back what a viewer said, and nothing of what came from outside", async () => {
  const { world, connection } = await newRoom({ LIVE_CHAT: "true" });
  await using _world = world;
  const viewer = await world.watch("77");
  connection.send(chat("from outside"));
  await viewer.expectChat("from outside");
  const named = { query: { "user_id": "ann", nickname: "Ann" } };
  const ann = await world.watch("77", named);
  ann.say("rude", "c1");
  const { seq } = await viewer.expectChat("rude");
  await manage(world, `DELETE /messages/${seq}`);
  const gone = await viewer.expectFrame("message_deleted");
  assert.equal(gone.target_seq, seq);
  const { room_id: roomId } = await world.ask("77");
  const path = `/management/rooms/${roomId}/messages/1`;
  const { body } = await world.app.api(`DELETE ${path}`);
  assert.equal(body.code, "message_not_found");
  const log = await world.log("77");
  const said = log.map(({ data }) => [data.content, data.deleted ?? false]);
  assert.deepEqual(said.slice(0, 2), [["from outside", false], ["", true]]);
});

Deno.test("A viewer who is banned is put out and stays out, and others hear nothing of it", async () => {
  const { world } = await newRoom();
  await using _world = world;
  const named = { query: { "user_id": "ann", nickname: "Ann" } };
  const banned = await world.watch("77", named);
  const other = await world.watch("77");
  await manage(world, "POST /bans", { "user_id": "ann" });
  await banned.expectClosed(4503);
  const again = liveUrl(world.app.url, "77", named);
  const refused = await refusedUpgrade(again, {});
  assert.equal(refused.status, 403);
  await other.caughtUp();
  const types = other.received.map(({ type }) => type);
  const news = ["snapshot", "pong", "live_status", "live_stats"];
  assert.deepEqual(types.filter((type) => !news.includes(type)), []);
  assert.deepEqual(await world.log("77").catch(String), []);
});

Deno.test("A live room that an operator ends is followed by another, with the same link", async () => {
  const { world, connection } = await newRoom();
  await using _world = world;
  const viewer = await world.watch("77");
  connection.send(chat("before"));
  await viewer.expectChat("before");
  const before = await world.ask("77");
  await manage(world, "DELETE ");
  await viewer.expectFrame("room_ended");
  await viewer.expectClosed(4003);
  connection.send(chat("after"));
  connection.send(chat("before"));
  connection.send(chat("last"));
  await world.expectKept("77", 2);
  const link = await world.ask("77");
  assert.notEqual(link.room_id, before.room_id);
  assert.deepEqual([link.state, link.stats.messages], ["live", 3]);
  assert.deepEqual(await world.logged("77"), ["after", "last"]);
  assert.equal(world.upstream.triedCount("77"), 1);
  const again = await world.watch("77");
  assert.deepEqual(
    again.snapshot.messages.map(({ data }: Json) => data.content),
    ["after", "last"],
  );
});
