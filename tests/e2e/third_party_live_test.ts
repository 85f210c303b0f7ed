import assert from "node:assert/strict";
import websocket from "websocket";
import { type Json, LiveClient, liveUrl } from "../support/live_client.ts";
import { chat, gift, newLiveWorld } from "../support/live_world.ts";
import { hasWebsockets } from "../support/python.ts";
import { PythonProgram } from "../support/python_program.ts";
import { eventually } from "../support/within.ts";
import { WsClient } from "../support/ws_client.ts";

const UPSTREAM =
  new URL("third_party_live_upstream.py", import.meta.url).pathname;
const VIEWER = new URL("third_party_live_viewer.py", import.meta.url).pathname;

const W3cWebSocket: new (url: string) => WebSocket = websocket.w3cwebsocket;

/** What the upstream in Python says next of an event. */
async function told(python: PythonProgram, event: string): Promise<Json> {
  return JSON.parse(await python.expectLine(`"event": "${event}"`));
}

Deno.test({
  name:
    "A link to an upstream made of Python's websockets takes fragments, answers pings and outlives every goodbye (needs Python's websockets)",
  ignore: !hasWebsockets(),
  async fn() {
    await using python = new PythonProgram(UPSTREAM);
    const { port } = JSON.parse(await python.next());
    await using world = await newLiveWorld({
      isRealTime: true,
      settings: { LIVE_PING_SECONDS: "1" },
      source: { url: `ws://127.0.0.1:${port}/rooms/{live_id}` },
    });
    await world.post("start", "77");
    await using viewer = await world.watch("77");
    for (const code of [1012, 1001, 1013]) {
      const { path } = await told(python, "connected");
      assert.equal(path, "/rooms/77");
      assert.equal((await told(python, "pong")).latency, true);
      assert.equal((await told(python, "closed")).code, code);
      const { status } = await viewer.expect(
        ({ type, status }) =>
          type === "live_status" && status.state === "waiting",
        "a link that waits",
      );
      assert.deepEqual([status.fault, status.fault_code], ["closed", code]);
    }
    await told(python, "connected");
    await told(python, "pong");
    const texts = Array.from({ length: 4 }, (_, index) => [
      `héllo 👋 ${2 * index + 1}`,
      `long ${"长".repeat(20_000)}`,
    ]).flat();
    await eventually(async () => (await world.ask("77")).last_seq >= 8, {
      what: "eight messages",
    });
    assert.deepEqual(await world.logged("77"), texts);
    await viewer.caughtUp();
    const { messages } = viewer.snapshot;
    const before = messages.map(({ data }: Json) => data.content);
    assert.deepEqual([...before, ...viewer.contents], texts);
    const { stats, state } = await world.ask("77");
    assert.deepEqual([stats.messages, state], [8, "live"]);
    await world.post("stop", "77");
    // The code of a goodbye without one; 1006 would be none at all.

    assert.equal((await told(python, "gone")).code, 1000);
  },
});

Deno.test({
  name:
    "A viewer made of Python's websockets watches, leaves, and resumes where it left (needs Python's websockets)",
  ignore: !hasWebsockets(),
  async fn() {
    await using world = await newLiveWorld({ isRealTime: true });
    const connection = await world.start("77");
    connection.send(chat("zeroth"));
    await world.expectKept("77", 1);
    await using python = new PythonProgram(VIEWER, world.app.url, "77");
    await world.app.expectConnections(1);
    await eventually(async () => (await world.ask("77")).watchers === 1, {
      what: "a watcher",
    });
    connection.send(chat("first"));
    await python.expectLine("left");
    connection.send(chat("second 👋"));
    connection.send(chat("third"));
    await world.expectKept("77", 4);
    await python.write("go on");
    await python.expectLine("resumed");
    const { room_id: roomId } = await world.ask("77");
    await world.app.api(`DELETE /management/rooms/${roomId}`);
    const seen = JSON.parse(await python.next());
    assert.deepEqual(
      [seen.snapshot.status.state, seen.snapshot.recovered],
      ["live", false],
    );
    const contents = (messages: Json[]) =>
      messages.map(({ data }) => data.content);
    assert.deepEqual(contents(seen.snapshot.messages), ["zeroth"]);
    assert.equal(seen.first.data.content, "first");
    assert.equal(seen.pong.timestamp, 7);
    assert.deepEqual(contents(seen.history.messages), ["zeroth", "first"]);
    assert.equal(seen.refused.code, "login_required");
    assert.deepEqual(
      [seen.resumed.recovered, seen.resumed.messages],
      [true, []],
    );
    assert.deepEqual(seen.missed, [[3, "second 👋"], [4, "third"]]);
    assert.equal(seen.last.type, "room_ended");
    assert.deepEqual(seen.closed, [4003, "room_followed"]);
  },
});

Deno.test("The w3cwebsocket of npm's websocket is a viewer like the runtime's own WebSocket", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  await using own = await world.watch("77");
  const socket = new WsClient(
    new W3cWebSocket(liveUrl(world.app.url, "77")),
  );
  await using viewer = new LiveClient(socket);
  const snapshot = await viewer.expectFrame("snapshot");
  assert.deepEqual(snapshot.messages, []);
  connection.send(chat("héllo 👋"));
  connection.send(gift("g", 3));
  for (const one of [own, viewer]) {
    await one.expectChat("héllo 👋");
    assert.equal((await one.expectMessage("gift")).data.gift_count, 3);
  }
  const texts = (one: LiveClient) => one.messages;
  assert.deepEqual(texts(viewer), texts(own));
  await viewer.caughtUp();
  await viewer.close();
  connection.send(chat("missed"));
  await world.expectKept("77", 3);
  const query = { since: "2", epoch: snapshot.epoch };
  const again = new WsClient(
    new W3cWebSocket(liveUrl(world.app.url, "77", { query })),
  );
  await using resumed = new LiveClient(again);
  assert.equal((await resumed.expectFrame("snapshot")).recovered, true);
  assert.equal((await resumed.expectChat("missed")).seq, 3);
  const { room_id: roomId } = await world.ask("77");
  await world.app.api(`DELETE /management/rooms/${roomId}`);
  await resumed.expectClosed(4003);
});
