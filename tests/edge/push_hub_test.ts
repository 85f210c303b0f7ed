import assert from "node:assert/strict";
import { PushHub } from "../../src/edge/push_hub.ts";
import type {
  HeartLinkFrame,
  PushFrame,
} from "../../src/wire/presence_frame.ts";
import type { Packet } from "../../src/wire/packet.ts";

const CHANGED: PushFrame = { type: "active_rooms_changed" };
const LINK: HeartLinkFrame = {
  type: "heart_link",
  status: "pending",
  requestId: "q-1",
  number: null,
  roomId: null,
  partner: null,
};

/** A connection that keeps what it is handed. */
class Listener {
  readonly userId: string;
  readonly packets: Packet[] = [];
  onPacket: () => void = () => {};

  constructor(userId: string) {
    this.userId = userId;
  }

  deliver(packet: Packet): number {
    this.packets.push(packet);
    this.onPacket();
    return 1;
  }

  get types(): string[] {
    return this.packets.flatMap(({ frames }) =>
      frames.map((one) => JSON.parse(String(one)).type)
    );
  }
}

Deno.test("PushHub reaches every connection of a user, and nobody else's", () => {
  const hub = new PushHub();
  const [one, two, bob] = [
    new Listener("ann"),
    new Listener("ann"),
    new Listener("bob"),
  ];
  for (const listener of [one, two, bob]) hub.open(listener);
  assert.equal(hub.push("ann", CHANGED), 2);
  assert.equal(hub.push("zoe", CHANGED), 0);
  assert.deepEqual(one.types, ["active_rooms_changed"]);
  assert.deepEqual(two.types, ["active_rooms_changed"]);
  assert.deepEqual(bob.types, []);
});

Deno.test("PushHub encodes a frame once for all who get it", () => {
  const hub = new PushHub();
  const [one, two] = [new Listener("ann"), new Listener("ann")];
  for (const listener of [one, two]) hub.open(listener);
  hub.push("ann", CHANGED);
  assert(one.packets[0] !== undefined);
  assert.equal(one.packets[0], two.packets[0]);
});

Deno.test("PushHub forgets a connection that is gone, and its user with the last", () => {
  const hub = new PushHub();
  const [one, two] = [new Listener("ann"), new Listener("ann")];
  const [lineOne, lineTwo] = [hub.open(one), hub.open(two)];
  hub.close("ann", lineOne);
  hub.close("ann", lineOne);
  assert.equal(hub.isListening("ann"), true);
  assert.equal(hub.push("ann", CHANGED), 1);
  assert.deepEqual([one.packets.length, two.packets.length], [0, 1]);
  hub.close("ann", lineTwo);
  assert.equal(hub.isListening("ann"), false);
  assert.equal(hub.push("ann", CHANGED), 0);
});

Deno.test("PushHub stands a connection that ends while it is told", () => {
  const hub = new PushHub();
  const [one, two] = [new Listener("ann"), new Listener("ann")];
  const line = hub.open(one);
  one.onPacket = () => hub.close("ann", line);
  hub.open(two);
  assert.equal(hub.push("ann", CHANGED), 2);
  assert.equal(two.packets.length, 1);
  assert.equal(hub.push("ann", CHANGED), 1);
});

Deno.test("PushHub lets a connection that lags miss only who is online", () => {
  const hub = new PushHub();
  const listener = new Listener("ann");
  hub.open(listener);
  hub.push("ann", { type: "presence_update", users: [] });
  hub.push("ann", LINK);
  hub.push("ann", CHANGED);
  assert.deepEqual(
    listener.packets.map(({ urgent }) => urgent === null),
    [true, false, false],
  );
});

Deno.test("PushLine says what was looked up, unless a newer state came first", () => {
  const hub = new PushHub();
  const [ann, bob] = [new Listener("ann"), new Listener("bob")];
  const [annsLine, bobsLine] = [hub.open(ann), hub.open(bob)];
  hub.push("ann", CHANGED);
  annsLine.tellLookedUp(LINK);
  hub.push("bob", LINK);
  bobsLine.tellLookedUp(LINK);
  assert.deepEqual(ann.types, ["active_rooms_changed", "heart_link"]);
  assert.deepEqual(bob.types, ["heart_link"]);
});
