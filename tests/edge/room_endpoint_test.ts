import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { newPenalty } from "../room/fixture.ts";
import { EdgeWorld, typesOf } from "./edge_world.ts";

Deno.test("RoomEndpoint lets a visitor join once the socket is open", async () => {
  using edge = new EdgeWorld();
  const response = await edge.knock("ann");
  assert.equal(await response.text(), "upgraded");
  const [link] = edge.links;
  assert(link);
  await edge.world.settle();
  assert.equal(edge.world.actor.state.presence.userCount, 0);
  link.options.events.onOpen();
  await edge.world.settle();
  assert.equal(edge.world.actor.state.presence.userCount, 1);
  assert.deepEqual(typesOf(link.socket), ["WelcomeInfo"]);
});

Deno.test("RoomEndpoint answers a refusal in JSON, and counts it", async () => {
  using edge = new EdgeWorld({
    world: { start: { bans: [newPenalty("bob", null)] } },
  });
  const cases = [
    { user: "bob", options: {}, status: 403, code: "user_banned" },
    {
      user: "ann",
      options: { roomId: "none" },
      status: 404,
      code: "room_not_found",
    },
    {
      user: "ann",
      options: { headers: { upgrade: "" } },
      status: 426,
      code: "upgrade_required",
    },
  ];
  for (const { user, options, status, code } of cases) {
    const response = await edge.knock(user, options);
    assert.equal(response.status, status);
    const body = await response.json();
    assert.equal(body.code, code);
    assert.equal(typeof body.error, "string");
    assert.equal(response.headers.get("retry-after"), null);
  }
  assert.equal(edge.links.length, 0);
  const { body } = await edge.world.metrics.text();
  assert.match(body, /parlor_refusals_total\{code="user_banned"\} 1/);
});

Deno.test("RoomEndpoint says when to come back, if that may help", async () => {
  using edge = new EdgeWorld();
  edge.facts.isDraining = true;
  const response = await edge.knock("ann");
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "1");
  await response.body?.cancel();
});

Deno.test("RoomEndpoint lets nobody in who is checked while the stop begins", async () => {
  using edge = new EdgeWorld();
  const answer = edge.knock("ann");
  edge.facts.isDraining = true;
  assert.equal((await answer).status, 503);
  assert.equal(edge.links.length, 0);
});

Deno.test("RoomEndpoint breaks off who joins a room whose mailbox is full", async () => {
  using edge = new EdgeWorld({ world: { laneMax: 1 } });
  edge.world.join("bob");
  await edge.knock("ann");
  const [link] = edge.links;
  link?.options.events.onOpen();
  assert.deepEqual(link?.socket.closes, [{ code: 4013, reason: "busy" }]);
  const [text = ""] = link?.socket.texts ?? [];
  assert.deepEqual(JSON.parse(text), {
    type: "Error",
    payload: { message: "The room is busy" },
    code: "busy",
    "retry_after_ms": 1000,
  });
  await edge.world.settle();
  assert.equal(edge.world.actor.state.presence.isHere("ann"), false);
});

Deno.test("RoomEndpoint has the room hear of an end, with its code", async () => {
  using edge = new EdgeWorld();
  const { options } = await edge.enter("ann");
  options.events.onClose(1006);
  await edge.world.settle();
  assert.equal(edge.world.actor.state.presence.userCount, 0);
  const closed = edge.world.recorder.records.at(-1);
  assert(closed?.type === "session_closed");
  assert.equal(closed.session.closeCode, 1006);
});

Deno.test("RoomEndpoint tells the room nothing that the room did itself", async () => {
  using edge = new EdgeWorld();
  await edge.enter("ann");
  const { options } = await edge.enter("ann");
  const [older] = edge.links;
  assert.deepEqual(older?.socket.closes, [
    { code: 4500, reason: "session_replaced" },
  ]);
  older?.options.events.onClose(4500);
  await edge.world.settle();
  assert.equal(edge.world.actor.state.presence.userCount, 1);
  assert.equal(edge.disconnectCount, 1);
  options.events.onClose(1000);
});

Deno.test("RoomEndpoint hands what a socket says to the room", async () => {
  using edge = new EdgeWorld();
  const { options, socket } = await edge.enter("ann");
  options.events.onText('{"type":"SendMessage","payload":{"content":"hi"}}');
  options.events.onBinary(new Uint8Array(3));
  await edge.world.settle();
  assert.deepEqual(typesOf(socket), ["WelcomeInfo", "Error", "Message"]);
});

Deno.test("RoomEndpoint reads since and epoch together, or neither", async () => {
  using edge = new EdgeWorld({ world: { start: { lastSeq: 5 } } });
  const names = { "user_id": "ann", nickname: "Ann" };
  const cases = [
    [{}, false],
    [{ since: "5" }, false],
    [{ epoch: "epoch-1" }, false],
    [{ since: "5", epoch: "epoch-1" }, true],
    [{ since: "5", epoch: "another" }, false],
  ] as const;
  for (const [point, wanted] of cases) {
    const query = { ...names, ...point };
    const { socket } = await edge.enter("ann", { query });
    assert.equal(JSON.parse(socket.texts[0] ?? "").recovered, wanted);
  }
  for (const since of ["", "-1", "1.5", "0x1", `${2 ** 53}`]) {
    const query = { ...names, since, epoch: "epoch-1" };
    const response = await edge.knock("ann", { query });
    assert.equal(response.status, 400, since);
    assert.equal((await response.json()).error, "since is not a number");
  }
});

Deno.test("RoomEndpoint speaks the dialect that it was made for", async () => {
  using edge = new EdgeWorld();
  const { options, socket } = await edge.enter("ann", { at: "chat" });
  assert.equal(typesOf(socket)[0], "connection_established");
  options.events.onText('{"content":"hi"}');
  await edge.world.settle();
  assert(typesOf(socket).includes("chat_message"));
});

Deno.test("RoomEndpoint has who could not join be gone again", async () => {
  using edge = new EdgeWorld({ world: { laneMax: 1 } });
  edge.world.join("bob");
  await edge.knock("ann");
  edge.links[0]?.options.events.onOpen();
  const words = edge.presence.take().map((word) => word.split(" ")[0]);
  assert.deepEqual(words, ["connect", "disconnect"]);
  await edge.world.settle();
});

Deno.test("RoomEndpoint sends heartbeats in a dialect that has them", async () => {
  using edge = new EdgeWorld();
  const rooms = await edge.enter("ann");
  const chat = await edge.enter("bob", { at: "chat" });
  await edge.world.clock.advance(60_000);
  const count = typesOf(chat.socket).filter((one) => one === "heartbeat");
  assert.equal(count.length, 2);
  assert(!rooms.socket.texts.join().includes("heartbeat"));
});

Deno.test("RoomEndpoint ends a page's session with its cookie", async () => {
  using edge = new EdgeWorld();
  const expiresAt = edge.world.clock.now() + 60_000;
  const cookie = await edge.cookie({ expiresAt });
  const { socket } = await edge.enter("", {
    at: "chat",
    query: {},
    headers: { cookie },
  });
  await edge.world.clock.advance(59_999);
  assert.deepEqual(socket.closes, []);
  await edge.world.clock.advance(1);
  assert.deepEqual(socket.closes, [{ code: 4501, reason: "login_required" }]);
  await edge.world.settle();
  assert.equal(edge.world.actor.state.presence.userCount, 0);
});

Deno.test("RoomEndpoint refuses while the database cannot say which rooms ended", async () => {
  const failure = new StoreError("busy", "secret path /var/lib");
  using edge = new EdgeWorld({
    rooms: { hasEnded: () => Promise.reject(failure) },
  });
  const response = await edge.knock("ann", { at: "chat", roomId: "x" });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "5");
  assert.deepEqual(await response.json(), {
    error: "Messages cannot be stored right now",
    code: "storage_unavailable",
    "retry_after_ms": 5000,
  });
});
