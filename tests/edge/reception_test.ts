import assert from "node:assert/strict";
import { BATCH_PROTOCOL } from "../../src/edge/batch_protocol.ts";
import { FRAMES_BURST } from "../../src/edge/inbound_budget.ts";
import {
  type Arrival,
  type Attendance,
  OPEN_MS_MAX,
  Reception,
} from "../../src/edge/reception.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { Packet } from "../../src/wire/packet.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { newCall } from "./device_world.ts";
import { CLIENT_LIMITS, type EdgeLink, EdgeWorld } from "./edge_world.ts";

const NOBODY = {
  userId: "ann",
  nickname: "Ann",
  isProven: false,
  isTokenAdmin: false,
  expiresAt: null,
};

/** Does nothing. */
const IDLE: Attendance = {
  onOpen: () => {},
  onText: () => {},
  onBinary: () => {},
  onGone: () => {},
};

Deno.test("Reception holds a place from the upgrade until the end", async () => {
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

Deno.test("Reception gives the place back when the handshake fails", async () => {
  using edge = new EdgeWorld({
    onUpgrade: () => {
      throw new ChatError("upgrade_required");
    },
  });
  assert.equal((await edge.knock("ann")).status, 426);
  assert.equal(edge.facts.connectionCount, 0);
});

Deno.test("Reception gives the last place once, to visitors checked at the same time", async () => {
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

Deno.test("Reception chooses the batch subprotocol when it is offered", async () => {
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

Deno.test("Reception lets it be known who is there, in every dialect", async () => {
  for (const at of ["rooms", "chat"] as const) {
    using edge = new EdgeWorld();
    await edge.knock("ann", { at });
    assert.deepEqual(edge.presence.take(), []);
    const [link] = edge.links;
    assert(link);
    link.options.events.onOpen();
    const [session] = edge.connections.sessions();
    const id = session?.id;
    assert.deepEqual(edge.presence.take(), [`connect ${id} ann in r`]);
    link.options.events.onClose(1000);
    link.options.events.onClose(1000);
    assert.deepEqual(edge.presence.take(), [`disconnect ${id}`]);
    await edge.world.settle();
  }
});

Deno.test("Reception tells of nobody whose socket never opened", async () => {
  using edge = new EdgeWorld();
  await edge.knock("ann");
  edge.links[0]?.options.events.onClose(1006);
  assert.deepEqual(edge.presence.take(), []);
});

Deno.test("Reception hides no bug as a refusal", async () => {
  const bug = new Error("bug");
  using edge = new EdgeWorld({
    rooms: { hasEnded: () => Promise.reject(bug) },
  });
  await assert.rejects(edge.knock("ann", { at: "chat", roomId: "x" }), bug);
});

Deno.test("Reception lets a socket not join that was broken off before it opened", async () => {
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

Deno.test("Reception gives the place of a socket back that never opens", async () => {
  using edge = new EdgeWorld();
  await edge.knock("ann");
  await edge.world.clock.advance(OPEN_MS_MAX - 1);
  assert.equal(edge.facts.connectionCount, 1);
  await edge.world.clock.advance(1);
  assert.equal(edge.facts.connectionCount, 0);
  assert.equal(edge.connections.countOf("10.0.0.1"), 0);
  await edge.connections.allClosed();
});

Deno.test("Reception waits for no socket that has opened", async () => {
  using edge = new EdgeWorld();
  await edge.knock("ann");
  edge.links[0]?.options.events.onOpen();
  await edge.world.clock.advance(OPEN_MS_MAX);
  assert.equal(edge.facts.connectionCount, 1);
});

/** An open connection that leads nowhere. */
async function openIdle(
  edge: EdgeWorld,
  more: Partial<Arrival> = {},
): Promise<EdgeLink> {
  const dialect = roomsDialect(CLIENT_LIMITS);
  const reception = new Reception({ ...edge.reception, dialect });
  const arrival = { visitor: NOBODY, roomId: null, attend: () => IDLE };
  const response = await reception.answer(
    newCall(),
    () => Promise.resolve({ ...arrival, ...more }),
  );
  assert.equal(await response.text(), "upgraded");
  const link = edge.links.at(-1);
  assert(link);
  link.options.events.onOpen();
  return link;
}

Deno.test("Reception leaves no answer to a flood behind once a session is gone", async () => {
  using edge = new EdgeWorld();
  const { clock } = edge.world;
  const { options: { events }, socket } = await openIdle(edge);
  for (let count = 0; count < FRAMES_BURST + 10; count++) events.onText("x");
  assert.equal(clock.armed, 1);
  assert.equal(socket.texts.length, 1);
  events.onClose(1000);
  assert.equal(clock.armed, 0);
  const { body } = await edge.world.metrics.text();
  assert.match(body, /parlor_refusals_total\{code="rate_limited"\} 10$/m);
});

Deno.test("Reception keeps to the bounds that an arrival brings", async () => {
  const outbound = { softBytesMax: 10, hardBytesMax: 20 };
  const droppable = new Packet([{ frame: "x", droppable: true, seq: null }]);
  const cases = [[10, 1, 0], [11, 0, 0], [20, 0, 0], [21, 0, 1]] as const;
  for (const [bufferedAmount, sentCount, closeCount] of cases) {
    using edge = new EdgeWorld();
    const { options, socket } = await openIdle(edge, { outbound });
    socket.bufferedAmount = bufferedAmount;
    const [session] = edge.connections.sessions();
    assert.equal(session?.deliver(droppable), sentCount);
    assert.equal(socket.closes.length, closeCount);
    options.events.onClose(1000);
  }
});
