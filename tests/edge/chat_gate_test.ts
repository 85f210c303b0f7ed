import assert from "node:assert/strict";
import type { EnterableRooms } from "../../src/edge/chat_gate.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { ChatSpec } from "../../src/wire/record.ts";
import { newPenalty } from "../room/fixture.ts";
import { settle } from "../support/fake_clock.ts";
import {
  EDGE_KEY,
  EdgeWorld,
  type KnockOptions,
  newKnock,
} from "./edge_world.ts";

/** Why a knock is refused; `admitted` when it is not. */
async function verdict(
  { chatGate }: EdgeWorld,
  userId: string,
  options?: KnockOptions,
): Promise<string> {
  try {
    await chatGate.admit(newKnock(userId, options));
    return "admitted";
  } catch (error) {
    assert(error instanceof ChatError, String(error));
    return error.code;
  }
}

const PRIVATE: ChatSpec = {
  access: "participants",
  participants: [
    { userId: "ann", nickname: "Ann" },
    { userId: "pia", nickname: "Pia" },
  ],
  isWaiting: false,
};

function newPrivateRoom(): EdgeWorld {
  return new EdgeWorld({
    world: { start: { kind: "chat", chat: PRIVATE, adminUserIds: ["adm"] } },
  });
}

Deno.test("ChatGate admits a participant to a room", async () => {
  using edge = newPrivateRoom();
  const { actor, visitor } = await edge.chatGate.admit(newKnock("ann"));
  assert.equal(actor, edge.world.actor);
  assert.equal(visitor.userId, "ann");
});

Deno.test("ChatGate finds no room of devices, nor makes one of that id", async () => {
  const asked: string[] = [];
  using edge = new EdgeWorld({
    world: { start: { kind: "device", device: { originId: null } } },
    rooms: {
      makePublic: (roomId) => {
        asked.push(roomId);
        return undefined;
      },
    },
  });
  await assert.rejects(
    edge.chatGate.admit(newKnock("ann")),
    new ChatError("room_not_found"),
  );
  assert.deepEqual(asked, []);
});

Deno.test("ChatGate names the first of many faults, in its order", async () => {
  let hasEnded = true;
  using edge = new EdgeWorld({
    world: {
      start: {
        kind: "chat",
        chat: PRIVATE,
        adminUserIds: ["pia"],
        bans: [newPenalty("pia", null)],
      },
    },
    gate: { connectionsMax: 1, allowedOrigins: ["https://good.example"] },
    rooms: { hasEnded: () => Promise.resolve(hasEnded) },
  });
  const cookie = await edge.cookie({ rooms: new Set(["none", "r"]) });
  const other = await edge.cookie({ rooms: new Set(["other"]) });
  edge.facts.isDraining = true;
  edge.connections.reserve("10.0.0.1");
  let knock: KnockOptions = {
    roomId: "none",
    query: {},
    headers: { upgrade: "h2c", origin: "https://bad.example" },
  };
  const say = (headers: Record<string, string>) => {
    knock = { ...knock, headers: { ...knock.headers, ...headers } };
  };
  const { bans } = edge.world.actor.state;
  const steps: [string, () => void][] = [
    ["shutting_down", () => edge.facts.isDraining = false],
    ["too_many_connections", () => edge.connections.release("10.0.0.1")],
    ["origin_refused", () => say({ origin: "https://good.example" })],
    ["upgrade_required", () => say({ upgrade: "websocket" })],
    ["login_required", () => say({ cookie: other })],
    ["room_refused", () => say({ cookie })],
    ["room_ended", () => hasEnded = false],
    ["room_not_found", () => knock = { ...knock, roomId: "r" }],
    ["user_banned", () => bans.lift("pia")],
    ["admin_proof_required", () => say({ "x-api-key": EDGE_KEY })],
    // The key vouches for a name, and there is none.
    ["bad_request", () => {
      knock = { ...knock, query: { "user_id": "pia", nickname: "Pia" } };
    }],
  ];
  for (const [code, mend] of steps) {
    assert.equal(await verdict(edge, "", knock), code);
    mend();
  }
  assert.equal(await verdict(edge, "", knock), "admitted");
});

Deno.test("ChatGate keeps a private room to its own", async () => {
  using edge = newPrivateRoom();
  const { token } = await edge.minter.mint({
    userId: "tom",
    admin: ["r"],
    expiresInSecs: 60,
  });
  const { token: plain } = await edge.minter.mint({
    userId: "tom",
    expiresInSecs: 60,
  });
  const headers = { "x-api-key": EDGE_KEY };
  const asAdmin = await edge.cookie({ userId: "tom", admin: true });
  const cases: [string, KnockOptions, string][] = [
    ["ann", {}, "admitted"],
    ["zoe", {}, "not_participant"],
    ["zoe", { headers }, "not_participant"],
    ["adm", {}, "admin_proof_required"],
    ["adm", { headers }, "admitted"],
    ["", { query: { token } }, "admitted"],
    ["", { query: { token: plain } }, "not_participant"],
    ["", { query: {}, headers: { cookie: asAdmin } }, "admitted"],
  ];
  for (const [userId, options, wanted] of cases) {
    assert.equal(await verdict(edge, userId, options), wanted, userId);
  }
});

Deno.test("ChatGate counts a cookie's rooms like a token's", async () => {
  using edge = newPrivateRoom();
  for (
    const [rooms, wanted] of [
      [["r"], "admitted"],
      [["other"], "room_refused"],
      [[], "room_refused"],
    ] as const
  ) {
    const cookie = await edge.cookie({ rooms: new Set(rooms) });
    const knock = { query: {}, headers: { cookie } };
    assert.equal(await verdict(edge, "", knock), wanted);
  }
});

Deno.test("ChatGate makes a public room for its first visitor", async () => {
  const made: unknown[] = [];
  const rooms: Partial<EnterableRooms> = {
    makePublic: (roomId, person) => {
      made.push([roomId, person]);
      return roomId === "general" ? edge.world.actor : undefined;
    },
  };
  using edge: EdgeWorld = new EdgeWorld({ rooms });
  assert.equal(await verdict(edge, "ann", { roomId: "general" }), "admitted");
  assert.deepEqual(made, [
    ["general", { userId: "ann", nickname: "ann" }],
  ]);
  const general = { roomId: "general", query: {} };
  assert.equal(await verdict(edge, "", general), "login_required");
  assert.equal(made.length, 1);
  assert.equal(await verdict(edge, "ann", { roomId: "x" }), "room_not_found");
});

Deno.test("ChatGate makes no public room again that has ended", async () => {
  let madeCount = 0;
  using edge: EdgeWorld = new EdgeWorld({
    rooms: {
      hasEnded: () => Promise.resolve(true),
      makePublic: () => {
        madeCount += 1;
        return edge.world.actor;
      },
    },
  });
  assert.equal(await verdict(edge, "ann", { roomId: "general" }), "room_ended");
  assert.equal(madeCount, 0);
});

Deno.test("ChatGate finds a room that was made while it looked", async () => {
  let isMade = false;
  using edge: EdgeWorld = new EdgeWorld({
    rooms: {
      find: () => isMade ? edge.world.actor : undefined,
      hasEnded: () => {
        isMade = true;
        return Promise.resolve(false);
      },
      makePublic: () => assert.fail("made twice"),
    },
  });
  assert.equal(await verdict(edge, "ann", { roomId: "general" }), "admitted");
});

Deno.test("ChatGate looks nothing up for an id that no room has", async () => {
  using edge = new EdgeWorld({
    rooms: { hasEnded: () => assert.fail("looked up") },
  });
  for (const roomId of ["", "x".repeat(129)]) {
    assert.equal(await verdict(edge, "ann", { roomId }), "room_not_found");
  }
});

Deno.test("ChatGate looks up so many rooms at a time and no more", async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  using edge = new EdgeWorld({ rooms: { hasEnded: () => promise } });
  const knocks = Array.from(
    { length: 100 },
    (_, index) => verdict(edge, "ann", { roomId: `room-${index}` }),
  );
  await settle();
  assert.equal(await verdict(edge, "ann", { roomId: "room" }), "busy");
  assert.equal(await verdict(edge, "ann"), "admitted");
  resolve(true);
  const codes = await Promise.all(knocks);
  assert.deepEqual(codes, codes.map(() => "room_ended"));
  assert.equal(await verdict(edge, "ann", { roomId: "room" }), "room_ended");
});
