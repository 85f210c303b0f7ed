import assert from "node:assert/strict";
import { Heartbeats } from "../../src/edge/heartbeats.ts";
import { chatDialect } from "../../src/wire/chat_dialect.ts";
import { HEARTBEAT_SECS } from "../../src/wire/connection_frames.ts";
import type { Packet } from "../../src/wire/packet.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { FakeClock, START_AT } from "../support/fake_clock.ts";
import { CLIENT_LIMITS } from "./edge_world.ts";

const PERIOD_MS = HEARTBEAT_SECS * 1000;

function newHeartbeats(dialect = chatDialect(CLIENT_LIMITS)) {
  const clock = new FakeClock();
  return { clock, heartbeats: new Heartbeats({ clock, dialect }) };
}

/** Someone who notes when it was told what. */
class Listener {
  readonly packets: Packet[] = [];
  readonly #onTold: () => void;

  constructor(onTold: () => void = () => {}) {
    this.#onTold = onTold;
  }

  deliver(packet: Packet): number {
    this.packets.push(packet);
    this.#onTold();
    return 1;
  }
}

Deno.test("Heartbeats tells a listener every 30 s, within 30 s at first", async () => {
  const { clock, heartbeats } = newHeartbeats();
  const listener = new Listener();
  using _beat = heartbeats.add(listener);
  await clock.advance(999);
  assert.equal(listener.packets.length, 0);
  await clock.advance(1);
  assert.equal(listener.packets.length, 1);
  await clock.advance(PERIOD_MS - 1);
  assert.equal(listener.packets.length, 1);
  await clock.advance(1);
  assert.equal(listener.packets.length, 2);
  const [frame = ""] = listener.packets[0]?.frames ?? [];
  assert.deepEqual(JSON.parse(String(frame)), {
    type: "heartbeat",
    timestamp: START_AT / 1000 + 1,
  });
});

Deno.test("Heartbeats spreads listeners who came at once evenly over the seconds", async () => {
  const { clock, heartbeats } = newHeartbeats();
  const countOf = 3;
  let told = 0;
  const beats = Array.from(
    { length: countOf * HEARTBEAT_SECS },
    () => heartbeats.add(new Listener(() => told += 1)),
  );
  for (let second = 0; second < HEARTBEAT_SECS; second++) {
    told = 0;
    await clock.advance(1000);
    assert.equal(told, countOf, `in second ${second}`);
  }
  for (const beat of beats) beat[Symbol.dispose]();
});

Deno.test("Heartbeats shares one packet, which a listener that lags may miss", async () => {
  const { clock, heartbeats } = newHeartbeats();
  const listeners = Array.from(
    { length: HEARTBEAT_SECS + 1 },
    () => new Listener(),
  );
  const beats = listeners.map((one) => heartbeats.add(one));
  await clock.advance(1000);
  const [first, last] = [listeners.at(0), listeners.at(-1)];
  assert.equal(first?.packets.length, 1);
  assert.equal(first?.packets[0], last?.packets[0]);
  assert.equal(first?.packets[0]?.urgent, null);
  for (const beat of beats) beat[Symbol.dispose]();
});

Deno.test("Heartbeats tells nobody who is gone, and stops its clock with the last", async () => {
  const { clock, heartbeats } = newHeartbeats();
  const [ann, bob] = [new Listener(), new Listener()];
  const annsBeat = heartbeats.add(ann);
  const bobsBeat = heartbeats.add(bob);
  assert.equal(clock.armed, 1);
  annsBeat[Symbol.dispose]();
  annsBeat[Symbol.dispose]();
  await clock.advance(PERIOD_MS);
  assert.deepEqual([ann.packets.length, bob.packets.length], [0, 1]);
  bobsBeat[Symbol.dispose]();
  assert.equal(clock.armed, 0);
  using _again = heartbeats.add(ann);
  await clock.advance(PERIOD_MS);
  assert.equal(ann.packets.length, 1);
});

Deno.test("Heartbeats stands a listener that ends while it is told", async () => {
  const { clock, heartbeats } = newHeartbeats();
  const listener = new Listener(() => beat[Symbol.dispose]());
  const beat = heartbeats.add(listener);
  await clock.advance(2 * PERIOD_MS);
  assert.equal(listener.packets.length, 1);
  assert.equal(clock.armed, 0);
});

Deno.test("Heartbeats tells nothing in a dialect without a word for it", async () => {
  const { clock, heartbeats } = newHeartbeats(roomsDialect(CLIENT_LIMITS));
  const listener = new Listener();
  using _beat = heartbeats.add(listener);
  assert.equal(clock.armed, 0);
  await clock.advance(PERIOD_MS);
  assert.deepEqual(listener.packets, []);
});
