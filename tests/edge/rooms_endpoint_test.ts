import assert from "node:assert/strict";
import { BATCH_PROTOCOL } from "../../src/edge/rooms_endpoint.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { newPenalty } from "../room/fixture.ts";
import { EdgeWorld, typesOf } from "./edge_world.ts";

Deno.test("RoomsEndpoint lets a visitor join once the socket is open", async () => {
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

Deno.test("RoomsEndpoint answers a refusal in JSON, and counts it", async () => {
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

Deno.test("RoomsEndpoint says when to come back, if that may help", async () => {
  using edge = new EdgeWorld();
  edge.facts.isDraining = true;
  const response = await edge.knock("ann");
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "1");
  await response.body?.cancel();
});

Deno.test("RoomsEndpoint holds a place from the upgrade until the end", async () => {
  using edge = new EdgeWorld();
  await edge.knock("ann");
  assert.equal(edge.facts.connectionCount, 1);
  assert.equal(edge.connections.countOf("10.0.0.1"), 1);
  const [link] = edge.links;
  link?.options.events.onOpen();
  link?.options.events.onClose(1001);
  link?.options.events.onClose(1001);
  assert.equal(edge.facts.connectionCount, 0);
  assert.equal(edge.connections.countOf("10.0.0.1"), 0);
  assert.equal(edge.disconnectCount, 1);
});

Deno.test("RoomsEndpoint gives the place back when the handshake fails", async () => {
  using edge = new EdgeWorld({
    onUpgrade: () => {
      throw new ChatError("upgrade_required");
    },
  });
  assert.equal((await edge.knock("ann")).status, 426);
  assert.equal(edge.facts.connectionCount, 0);
});

Deno.test("RoomsEndpoint gives the last place once, to visitors checked at the same time", async () => {
  using edge = new EdgeWorld({ gate: { connectionsMax: 1 } });
  const answers = await Promise.all(
    ["ann", "bob", "cat"].map((user) => edge.knock(user)),
  );
  const texts = await Promise.all(answers.map((one) => one.text()));
  assert.deepEqual(texts.map((text) => text === "upgraded"), [
    true,
    false,
    false,
  ]);
  assert.equal(edge.facts.connectionCount, 1);
});

Deno.test("RoomsEndpoint lets nobody in who is checked while the stop begins", async () => {
  using edge = new EdgeWorld();
  const answer = edge.knock("ann");
  edge.facts.isDraining = true;
  assert.equal((await answer).status, 503);
  assert.equal(edge.links.length, 0);
});

Deno.test("RoomsEndpoint lets a socket not join that was broken off before it opened", async () => {
  using edge = new EdgeWorld();
  await edge.knock("ann");
  const [link] = edge.links;
  const [session] = edge.connections.sessions();
  session?.breakOff("shutting_down");
  link?.options.events.onOpen();
  await edge.world.settle();
  assert.equal(edge.world.actor.state.presence.userCount, 0);
  assert.deepEqual(link?.socket.closes, [
    { code: 4001, reason: "shutting_down" },
  ]);
});

Deno.test("RoomsEndpoint breaks off who joins a room whose mailbox is full", async () => {
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

Deno.test("RoomsEndpoint has the room hear of an end, with its code", async () => {
  using edge = new EdgeWorld();
  const { options } = await edge.enter("ann");
  options.events.onClose(1006);
  await edge.world.settle();
  assert.equal(edge.world.actor.state.presence.userCount, 0);
  const closed = edge.world.recorder.records.at(-1);
  assert(closed?.type === "session_closed");
  assert.equal(closed.session.closeCode, 1006);
});

Deno.test("RoomsEndpoint tells the room nothing that the room did itself", async () => {
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

Deno.test("RoomsEndpoint hands what a socket says to the room", async () => {
  using edge = new EdgeWorld();
  const { options, socket } = await edge.enter("ann");
  options.events.onText('{"type":"SendMessage","payload":{"content":"hi"}}');
  options.events.onBinary(3);
  await edge.world.settle();
  assert.deepEqual(typesOf(socket), ["WelcomeInfo", "Error", "Message"]);
});

Deno.test("RoomsEndpoint chooses the batch subprotocol when it is offered", async () => {
  using edge = new EdgeWorld();
  const offers = [
    [undefined, undefined],
    ["other", undefined],
    [BATCH_PROTOCOL, BATCH_PROTOCOL],
    [`other , ${BATCH_PROTOCOL}`, BATCH_PROTOCOL],
    [`${BATCH_PROTOCOL}x`, undefined],
  ] as const;
  for (const [offered, wanted] of offers) {
    const headers: Record<string, string> = offered === undefined
      ? {}
      : { "sec-websocket-protocol": offered };
    await edge.knock("ann", { headers });
    const { options } = edge.links.at(-1) ?? {};
    assert.equal(options?.protocol, wanted, offered);
    assert.equal(options?.isBatched, wanted !== undefined);
  }
});

Deno.test("RoomsEndpoint reads since and epoch together, or neither", async () => {
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
