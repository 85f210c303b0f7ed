import assert from "node:assert/strict";
import { denoUpgrade } from "../../src/edge/deno_socket.ts";
import { listen } from "../../src/edge/listener.ts";
import { PresenceEndpoint } from "../../src/edge/presence_endpoint.ts";
import { StoreError } from "../../src/store/store.ts";
import type { HeartLinkFrame } from "../../src/wire/presence_frame.ts";
import { settle } from "../support/fake_clock.ts";
import { OPCODE, RawSocket, refusedUpgrade } from "../support/raw_socket.ts";
import { eventually } from "../support/within.ts";
import { EdgeWorld, typesOf } from "./edge_world.ts";

const LINK: HeartLinkFrame = {
  type: "heart_link",
  status: "pending",
  requestId: "q-1",
  number: null,
  roomId: "r-1",
  partner: null,
};
const MATCHED: HeartLinkFrame = {
  ...LINK,
  status: "matched",
  partner: { userId: "bob", nickname: "Bob" },
};
const at = "presence";

Deno.test("PresenceEndpoint greets a user, who is there from then on", async () => {
  using edge = new EdgeWorld();
  const { options, socket } = await edge.enter("ann", { at });
  const [established] = socket.texts.map((text) => JSON.parse(text));
  assert.equal(established.type, "presence_established");
  assert.equal(established.user, "ann");
  assert.equal(established.status, "online");
  assert.equal(established["heartbeat_interval"], 30);
  assert.equal(socket.texts.length, 1);
  const id = edge.connections.sessions()[0]?.id;
  assert.deepEqual(edge.presence.take(), [`connect ${id} ann in no room`]);
  options.events.onClose(1000);
  assert.deepEqual(edge.presence.take(), [`disconnect ${id}`]);
  assert.equal(edge.hub.isListening("ann"), false);
  assert.equal(edge.facts.connectionCount, 0);
});

Deno.test("PresenceEndpoint says the state of the user's heart link after that", async () => {
  const asked: string[] = [];
  using edge = new EdgeWorld({
    links: {
      linkFrame: (userId) => {
        asked.push(userId);
        return Promise.resolve(LINK);
      },
    },
  });
  const { socket } = await edge.enter("ann", { at });
  assert.deepEqual(typesOf(socket), ["presence_established", "heart_link"]);
  assert.deepEqual(asked, ["ann"]);
});

Deno.test("PresenceEndpoint says no state that is older than what was pushed", async () => {
  const { promise, resolve } = Promise.withResolvers<HeartLinkFrame>();
  using edge = new EdgeWorld({ links: { linkFrame: () => promise } });
  const { socket } = await edge.enter("ann", { at });
  assert.equal(edge.hub.push("ann", MATCHED), 1);
  resolve(LINK);
  await settle();
  const [, ...links] = socket.texts.map((text) => JSON.parse(text));
  assert.deepEqual(links.map(({ status }) => status), ["matched"]);
});

Deno.test("PresenceEndpoint goes on when the heart link cannot be looked up", async () => {
  const failure = new StoreError("busy", "The database is busy");
  using edge = new EdgeWorld({
    links: { linkFrame: () => Promise.reject(failure) },
  });
  const { socket } = await edge.enter("ann", { at });
  assert.deepEqual(typesOf(socket), ["presence_established"]);
  assert.deepEqual(edge.world.log.texts, [
    "warn Cannot tell a user of their heart link",
  ]);
});

Deno.test("PresenceEndpoint reaches every connection of a user", async () => {
  using edge = new EdgeWorld();
  const one = await edge.enter("ann", { at });
  const two = await edge.enter("ann", { at });
  const bob = await edge.enter("bob", { at });
  assert.equal(edge.hub.push("ann", { type: "active_rooms_changed" }), 2);
  one.options.events.onClose(1000);
  assert.equal(edge.hub.push("ann", MATCHED), 1);
  const wanted = ["presence_established", "active_rooms_changed"];
  assert.deepEqual(typesOf(one.socket), wanted);
  assert.deepEqual(typesOf(two.socket), [...wanted, "heart_link"]);
  assert.deepEqual(typesOf(bob.socket), ["presence_established"]);
});

Deno.test("PresenceEndpoint takes a status and signs of life, and beats itself", async () => {
  using edge = new EdgeWorld();
  const { options: { events }, socket } = await edge.enter("ann", { at });
  edge.presence.take();
  socket.texts.length = 0;
  events.onText('{"type":"online_status","status":"busy"}');
  events.onText('{"type":"heartbeat_ack"}');
  events.onText('{"type":"message","content":"hi"}');
  assert.deepEqual(edge.presence.take(), ["choose ann busy"]);
  await edge.world.clock.advance(30_000);
  assert.deepEqual(typesOf(socket), ["heartbeat_ack", "error", "heartbeat"]);
});

Deno.test("PresenceEndpoint gives up who is too slow", async () => {
  using edge = new EdgeWorld();
  const { socket } = await edge.enter("ann", { at });
  socket.bufferedAmount = 2001;
  edge.hub.push("ann", MATCHED);
  assert.deepEqual(socket.closes, [{ code: 4008, reason: "slow_consumer" }]);
  assert.equal(edge.hub.isListening("ann"), false);
});

Deno.test("PresenceEndpoint refuses who may not connect, in order", async () => {
  using edge = new EdgeWorld({ gate: { connectionsMax: 1 } });
  const cookie = await edge.cookie();
  const foreign = { cookie, origin: "http://evil.example" };
  edge.connections.reserve("10.0.0.1");
  edge.facts.isDraining = true;
  let headers: Record<string, string> = { upgrade: "" };
  const steps: [string, () => void][] = [
    ["shutting_down", () => edge.facts.isDraining = false],
    ["too_many_connections", () => edge.connections.release("10.0.0.1")],
    ["upgrade_required", () => headers = {}],
    ["login_required", () => headers = foreign],
    ["cross_site_refused", () => headers = { cookie }],
  ];
  for (const [code, mend] of steps) {
    const response = await edge.knock("", { at, query: {}, headers });
    assert.equal((await response.json()).code, code);
    mend();
  }
  await edge.enter("", { at, query: {}, headers });
  const last = await edge.knock("", { at, query: {}, headers });
  assert.equal((await last.json()).code, "too_many_connections");
});

Deno.test("PresenceEndpoint takes a token that opens single rooms only", async () => {
  using edge = new EdgeWorld();
  const { token } = await edge.minter.mint({
    userId: "ann",
    rooms: ["r"],
    expiresInSecs: 60,
  });
  const { socket } = await edge.enter("", { at, query: { token } });
  assert.deepEqual(typesOf(socket), ["presence_established"]);
  await edge.world.clock.advance(60_000);
  assert.deepEqual(socket.closes, [{ code: 4401, reason: "token_expired" }]);
});

/** The next text frame of a connection, parsed. */
async function nextFrame(client: RawSocket) {
  const frame = await client.readFrame();
  assert.equal(frame?.opcode, OPCODE.text);
  return JSON.parse(new TextDecoder().decode(frame?.payload));
}

Deno.test("PresenceEndpoint speaks over a real port, to pages of that port", async () => {
  using edge = new EdgeWorld();
  const endpoint = new PresenceEndpoint({
    ...edge.reception,
    upgrade: denoUpgrade,
    hub: edge.hub,
    links: { linkFrame: () => Promise.resolve(LINK) },
    login: edge.login,
    presence: edge.presence,
  });
  const listener = listen({
    host: "127.0.0.1",
    port: 0,
    trustProxy: false,
    answer: (call) => endpoint.answer(call),
    log: edge.world.log,
  });
  const cookie = await edge.cookie();
  const url = `http://${listener.address}/ws/presence`;
  try {
    const { status, body } = await refusedUpgrade(url, {
      Cookie: cookie,
      Origin: "http://evil.example",
    });
    assert.equal(status, 403);
    assert.deepEqual(body, {
      error: "This request came from another site",
      code: "cross_site_refused",
    });
    const origin = `http://${listener.address}`;
    using client = await RawSocket.upgrade(`${url}/`, {
      Cookie: cookie,
      Origin: origin,
    });
    assert.equal(client.status, 101);
    assert.equal((await nextFrame(client)).user, "pia");
    assert.equal((await nextFrame(client))["request_id"], "q-1");
    assert.equal(edge.hub.push("pia", MATCHED), 1);
    const matched = await nextFrame(client);
    assert.equal(matched["matched_user_name"], "Bob");
    await client.sayGoodbye();
    await eventually(() => !edge.hub.isListening("pia"), {
      what: () => "the connection to be forgotten",
    });
  } finally {
    await listener.stop();
  }
});
