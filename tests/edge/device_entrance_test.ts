import assert from "node:assert/strict";
import { REASSIGNMENTS_MAX } from "../../src/edge/device_entrance.ts";
import { ChatError, type ErrorCode } from "../../src/wire/errors.ts";
import type { Welcome } from "../../src/wire/event.ts";
import { settle } from "../support/fake_clock.ts";
import { DeviceWorld, identityOf } from "./device_world.ts";
import { EDGE_KEY } from "./edge_world.ts";

const WELCOME: Welcome = {
  type: "welcome",
  roomId: "FAKE0000",
  user: { userId: "d1", nickname: "sensor" },
  isMuted: false,
  sessionId: "s",
  epoch: "e",
  lastSeq: 7,
  recovered: false,
};

Deno.test("DeviceEntrance brings a device into the room that it is assigned", async () => {
  using devices = new DeviceWorld();
  const link = await devices.enter("d1");
  assert.deepEqual(link.heard(), [{
    type: "room",
    "room_id": "r",
    status: "created_new",
    message: "created_new: joined room r",
  }]);
  assert.deepEqual(devices.asked, [{ deviceId: "d1", identity: "sensor" }]);
  assert.deepEqual(devices.homes, ["d1 in r"]);
  const { presence } = devices.edge.world.actor.state;
  assert.equal(presence.isHere("d1"), true);
});

Deno.test("DeviceEntrance tells which room has ended, and what the room said", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom();
  devices.assign = () =>
    Promise.resolve({ room, status: "reconnected", endedRoomId: "OLD00000" });
  const link = await devices.enter("d1", { query: "envelope=true" });
  assert.deepEqual(link.heard(), []);
  room.reply.joined(WELCOME);
  const [told] = link.heard();
  assert.equal(
    told?.["message"],
    "reconnected: joined room FAKE0000; room OLD00000 has ended",
  );
  assert.equal(told?.epoch, "e");
  assert.equal(told?.last_seq, 7);
});

Deno.test("DeviceEntrance asks for another room when one ends before the join", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom();
  const link = await devices.enter("d1");
  for (let count = 1; count <= REASSIGNMENTS_MAX; count++) {
    room.reply.refused("room_ended");
    await settle();
    assert.equal(devices.asked.length, 1 + count);
    assert.deepEqual(link.words(), []);
  }
  room.reply.refused("room_ended");
  await settle();
  assert.equal(devices.asked.length, 1 + REASSIGNMENTS_MAX);
  assert.deepEqual(link.words(), ["error busy"]);
  assert.deepEqual(link.closes, ["4013 busy"]);
  // No room has it: none is told that it leaves.
  assert(!room.kinds.includes("leave"));
});

Deno.test("DeviceEntrance has the last of its rooms hear that it left", async () => {
  using devices = new DeviceWorld();
  const first = devices.fakeRoom("FIRST000");
  const link = await devices.enter("d1");
  const second = devices.fakeRoom("SECOND00");
  first.reply.refused("room_ended");
  await settle();
  second.reply.joined(WELCOME);
  link.drop();
  assert.deepEqual(first.kinds, ["join"]);
  assert.deepEqual(second.kinds, ["join", "leave"]);
});

Deno.test("DeviceEntrance tells why it came to nothing, and closes", async () => {
  const cases: [ErrorCode, string][] = [
    ["user_banned", "4503 user_banned"],
    ["room_full", "4014 room_full"],
    ["internal", "4011 internal"],
  ];
  for (const [code, close] of cases) {
    using devices = new DeviceWorld();
    const room = devices.fakeRoom();
    const link = await devices.enter("d1");
    room.reply.refused(code);
    assert.deepEqual(link.words(), [`error ${code}`]);
    assert.deepEqual(link.closes, [close]);
  }
});

Deno.test("DeviceEntrance tells in the assigner's words why there is no room", async () => {
  using devices = new DeviceWorld();
  devices.assign = ({ roomId }) =>
    Promise.reject(
      new ChatError("room_not_found", {
        message: `Room ${roomId} does not exist`,
      }),
    );
  const link = await devices.connect();
  link.say(identityOf("d1", { "room_id": "NONE" }));
  await settle();
  assert.deepEqual(link.heard(), [{
    type: "error",
    message: "Room NONE does not exist",
    code: "room_not_found",
  }]);
  assert.deepEqual(link.closes, ["1000 room_not_found"]);
});

Deno.test("DeviceEntrance refuses whom the room has no place in its mailbox for", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom();
  room.isFull = true;
  const link = await devices.enter("d1");
  const [refusal] = link.heard();
  assert.equal(refusal?.code, "busy");
  assert.equal(refusal?.retry_after_ms, 1000);
  assert.deepEqual(link.closes, ["4013 busy"]);
  assert.deepEqual(room.kinds, []);
});

Deno.test("DeviceEntrance logs a bug once, and shows it as internal", async () => {
  using devices = new DeviceWorld();
  const bug = new TypeError("secret path /var/lib");
  devices.assign = () => Promise.reject(bug);
  const link = await devices.enter("d1");
  const [told] = link.heard();
  assert.equal(told?.code, "internal");
  assert.equal(told?.["message"], "Internal error");
  assert.deepEqual(link.closes, ["4011 internal"]);
  const { lines } = devices.edge.world.log;
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.fields["error"], bug);
});

Deno.test("DeviceEntrance joins no room for a device that has gone meanwhile", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom();
  const wait = Promise.withResolvers<void>();
  devices.assign = async () => {
    await wait.promise;
    return { room, status: "created_new" };
  };
  const link = await devices.enter("d1");
  link.drop();
  wait.resolve();
  await settle();
  assert.deepEqual(room.kinds, []);
  assert.deepEqual(link.words(), []);
  assert.deepEqual(devices.homes, []);
  assert.equal(devices.edge.world.clock.armed, 0);
});

Deno.test("DeviceEntrance says nothing to a device that went while its join waited", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom();
  const link = await devices.enter("d1");
  link.drop();
  assert.deepEqual(room.kinds, ["join", "leave"]);
  room.reply.joined(WELCOME);
  assert.deepEqual(link.words(), []);
  assert.equal(devices.connections.deviceCount, 0);
  // The room has recorded the stay all the same.
  assert.deepEqual(devices.homes, ["d1 in FAKE0000"]);
});

Deno.test("DeviceEntrance asks for no other room for a device that has gone", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom();
  const link = await devices.enter("d1");
  link.drop();
  room.reply.refused("room_ended");
  await settle();
  assert.equal(devices.asked.length, 1);
});

Deno.test("DeviceEntrance believes the identity's token before the request's", async () => {
  using devices = new DeviceWorld({ isTokenRequired: true });
  const { minter } = devices.edge;
  const request = { userId: "d1", expiresInSecs: 60 };
  const { token } = await minter.mint(request);
  const inQuery = await devices.enter("d1", { query: `token=${token}` });
  assert.deepEqual(inQuery.words(), ["room created_new"]);
  const inHeader = await devices.enter("d1", {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.deepEqual(inHeader.words(), ["room created_new"]);
  const other = await minter.mint({ ...request, userId: "d2" });
  const inFrame = await devices.connect({ query: `token=${token}` });
  inFrame.say(identityOf("d2", { token: other.token }));
  await devices.settle();
  assert.deepEqual(inFrame.words(), ["room created_new"]);
  const session = devices.edge.connections.sessions().find(({ userId }) =>
    userId === "d2"
  );
  assert.equal(session?.isProven, true);
});

Deno.test("DeviceEntrance asks for no room before the device is proven", async () => {
  using devices = new DeviceWorld({ isTokenRequired: true });
  const { token } = await devices.edge.minter.mint({
    userId: "d2",
    expiresInSecs: 60,
  });
  const cases = [
    ["", "A token is needed"],
    [`token=${token}`, "The token is another device's"],
  ] as const;
  for (const [query, message] of cases) {
    const link = await devices.enter("d1", { query });
    const [told] = link.heard();
    assert.equal(told?.code, "token_invalid");
    assert.equal(told?.["message"], message);
    assert.deepEqual(link.closes, ["4506 token_invalid"]);
  }
  assert.deepEqual(devices.asked, []);
});

Deno.test("DeviceEntrance takes the operator's key for a proof of any id", async () => {
  using devices = new DeviceWorld({ isTokenRequired: true });
  const headers = { "x-api-key": EDGE_KEY };
  const link = await devices.enter("d1", { headers });
  assert.deepEqual(link.words(), ["room created_new"]);
  const session = devices.edge.connections.sessions().find(({ userId }) =>
    userId === "d1"
  );
  assert.equal(session?.isProven, true);
});

/** A token of d1 that opens some rooms. */
async function tokenFor(
  devices: DeviceWorld,
  rooms: readonly string[],
): Promise<string> {
  const { minter } = devices.edge;
  const grant = { userId: "d1", rooms: [...rooms], expiresInSecs: 60 };
  return (await minter.mint(grant)).token;
}

Deno.test("DeviceEntrance keeps a device to the rooms that its token opens", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom("ASSIGNED");
  const other = `token=${await tokenFor(devices, ["OTHER000"])}`;
  const named = await devices.connect({ query: other });
  named.say(identityOf("d1", { "room_id": "ASSIGNED" }));
  await devices.settle();
  const assigned = await devices.enter("d1", { query: other });
  for (const link of [named, assigned]) {
    assert.deepEqual(link.words(), ["error room_refused"]);
    assert.deepEqual(link.closes, ["4507 room_refused"]);
  }
  assert.deepEqual(room.kinds, []);
  assert.deepEqual(devices.homes, []);
  const opened = `token=${await tokenFor(devices, ["ASSIGNED"])}`;
  await devices.enter("d1", { query: opened });
  assert.deepEqual(room.kinds, ["join"]);
});

Deno.test("DeviceEntrance opens the room of a line with a token for its first", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom("FOLLOWER", "FIRST000");
  const query = `token=${await tokenFor(devices, ["FIRST000"])}`;
  await devices.enter("d1", { query });
  assert.deepEqual(room.kinds, ["join"]);
});

Deno.test("DeviceEntrance opens a room with a token for the one that it follows", async () => {
  using devices = new DeviceWorld();
  const room = devices.fakeRoom("FOLLOWER", "FIRST000");
  devices.assign = () =>
    Promise.resolve({ room, status: "reconnected", endedRoomId: "ENDED000" });
  const query = `token=${await tokenFor(devices, ["ENDED000"])}`;
  await devices.enter("d1", { query });
  assert.deepEqual(room.kinds, ["join"]);
});

Deno.test("DeviceEntrance lets the assigner know what a device's token opens", async () => {
  using devices = new DeviceWorld();
  const { assign } = devices;
  const asked: boolean[][] = [];
  devices.assign = (identity, opens) => {
    asked.push(["r", "OTHER000"].map((roomId) => opens(roomId)));
    return assign(identity, opens);
  };
  const query = `token=${await tokenFor(devices, ["r"])}`;
  await devices.enter("d1", { query });
  await devices.enter("d1", { headers: { "x-api-key": EDGE_KEY } });
  await devices.enter("d2");
  assert.deepEqual(asked, [[true, false], [true, true], [true, true]]);
});

Deno.test("DeviceEntrance lets a device stay until its token ends", async () => {
  using devices = new DeviceWorld();
  const { token } = await devices.edge.minter.mint({
    userId: "d1",
    expiresInSecs: 60,
  });
  const link = await devices.enter("d1", { query: `token=${token}` });
  link.words();
  await devices.edge.world.clock.advance(60_000);
  assert.deepEqual(link.words(), ["error token_expired"]);
  assert.deepEqual(link.closes, ["4401 token_expired"]);
  await devices.settle();
  assert.equal(devices.edge.world.actor.state.presence.userCount, 0);
});
