import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import { newPenalty } from "../room/fixture.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  EDGE_KEY,
  EdgeWorld,
  type KnockOptions,
  newKnock,
} from "./edge_world.ts";

/** Why a knock is refused; `admitted` when it is not. */
async function verdict(
  { gate }: EdgeWorld,
  userId: string,
  options?: KnockOptions,
): Promise<string> {
  try {
    await gate.admit(newKnock(userId, options));
    return "admitted";
  } catch (error) {
    assert(error instanceof ChatError);
    return error.code;
  }
}

Deno.test("RoomsGate admits a visitor to a room", async () => {
  using edge = new EdgeWorld();
  const { actor, visitor } = await edge.gate.admit(newKnock("ann"));
  assert.equal(actor, edge.world.actor);
  assert.equal(visitor.userId, "ann");
});

Deno.test("RoomsGate names the first of many faults, in the seed's order", async () => {
  using edge = new EdgeWorld({
    world: { start: { bans: [newPenalty("adm", null)] } },
    gate: {
      connectionsMax: 2,
      connectionsPerIpMax: 1,
      allowedOrigins: ["https://good.example"],
    },
  });
  const faulty: Required<Omit<KnockOptions, "at">> = {
    roomId: "none",
    ip: "10.0.0.1",
    query: {},
    headers: {
      upgrade: "h2c",
      origin: "https://bad.example",
      "x-api-key": "wrong",
    },
  };
  edge.facts.isDraining = true;
  edge.connections.reserve("10.0.0.1");
  edge.connections.reserve("10.0.0.2");
  const knock = { ...faulty };
  const steps: [string, () => void][] = [
    ["shutting_down", () => edge.facts.isDraining = false],
    ["too_many_connections", () => edge.connections.release("10.0.0.2")],
    ["too_many_from_ip", () => knock.ip = "10.0.0.3"],
    ["origin_refused", () => knock.headers = { ...knock.headers, origin: "" }],
    ["origin_refused", () => knock.headers = withoutOrigin(knock.headers)],
    ["room_not_found", () => knock.roomId = "r"],
    [
      "bad_request",
      () => knock.query = { "user_id": "adm", nickname: "A" },
    ],
    [
      "upgrade_required",
      () => knock.headers = { ...knock.headers, upgrade: "WebSocket" },
    ],
    ["unauthorized", () => knock.headers = { upgrade: "websocket" }],
    [
      "admin_proof_required",
      () => knock.headers = { ...knock.headers, "x-api-key": EDGE_KEY },
    ],
  ];
  for (const [code, mend] of steps) {
    assert.equal(await verdict(edge, "adm", knock), code);
    mend();
  }
  assert.equal(await verdict(edge, "adm", knock), "user_banned");
});

function withoutOrigin(
  { origin: _, ...headers }: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return headers;
}

Deno.test("RoomsGate lets a user in once a timed ban has run out", async () => {
  const bans = [newPenalty("ann", START_AT + 1000)];
  using edge = new EdgeWorld({ world: { start: { bans } } });
  assert.equal(await verdict(edge, "ann"), "user_banned");
  await edge.world.clock.advance(999);
  assert.equal(await verdict(edge, "ann"), "user_banned");
  await edge.world.clock.advance(1);
  assert.equal(await verdict(edge, "ann"), "admitted");
});

Deno.test("RoomsGate names the room that it does not find", async () => {
  using edge = new EdgeWorld();
  await assert.rejects(
    edge.gate.admit(newKnock("ann", { roomId: "none" })),
    new ChatError("room_not_found", { message: "Room none not found" }),
  );
});

Deno.test("RoomsGate finds no room of devices", async () => {
  const device = { originId: null };
  using edge = new EdgeWorld({ world: { start: { kind: "device", device } } });
  await assert.rejects(
    edge.gate.admit(newKnock("ann")),
    new ChatError("room_not_found", { message: "Room r not found" }),
  );
});

Deno.test("RoomsGate keeps a private room to its own", async () => {
  const participants = [{ userId: "ann", nickname: "Ann" }];
  const chat = {
    access: "participants",
    participants,
    isWaiting: true,
  } as const;
  using edge = new EdgeWorld({ world: { start: { kind: "chat", chat } } });
  assert.equal(await verdict(edge, "ann"), "admitted");
  assert.equal(await verdict(edge, "zoe"), "not_participant");
});

Deno.test("RoomsGate takes no cookie for a name", async () => {
  using edge = new EdgeWorld();
  const headers = { cookie: await edge.cookie() };
  assert.equal(await verdict(edge, "", { query: {}, headers }), "bad_request");
});

Deno.test("RoomsGate takes this server's own pages for pages like any other", async () => {
  using edge = new EdgeWorld({
    gate: { allowedOrigins: ["https://good.example"] },
  });
  const headers = { origin: "http://parlor.test" };
  assert.equal(await verdict(edge, "ann", { headers }), "origin_refused");
});
