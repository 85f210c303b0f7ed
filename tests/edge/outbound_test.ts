import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";
import { Outbound } from "../../src/edge/outbound.ts";
import { Packet, type SeqRange } from "../../src/wire/packet.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeSocket } from "../support/fake_socket.ts";

const LIMITS = { softBytesMax: 100, hardBytesMax: 1000 };

function newOutbound(isGapKnown = true) {
  const clock = new FakeClock();
  const socket = new FakeSocket();
  const metrics = new Metrics();
  let slowCount = 0;
  const outbound: Outbound = new Outbound({
    socket,
    limits: LIMITS,
    clock,
    metrics,
    gapPacket: ({ from, to }: SeqRange) =>
      isGapKnown ? Packet.of(`gap ${from}-${to}`) : null,
    onTooSlow: () => {
      slowCount += 1;
      outbound.stop();
    },
  });
  return { clock, metrics, outbound, socket, slowCount: () => slowCount };
}

function chat(seq: number) {
  return { frame: `chat ${seq}`, droppable: true, seq };
}

function control(seq: number | null) {
  return { frame: `control ${seq}`, droppable: false, seq };
}

Deno.test("Outbound sends everything up to the soft bound", () => {
  const { outbound, socket } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax;
  assert.equal(outbound.send(new Packet([chat(1), control(2)])), 2);
  assert.deepEqual(socket.texts, ["chat 1", "control 2"]);
});

Deno.test("Outbound drops only what may be dropped past the soft bound", async () => {
  const { metrics, outbound, socket } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  const packet = new Packet([chat(1), control(null), chat(3)]);
  assert.equal(outbound.send(packet), 1);
  assert.deepEqual(socket.texts, ["control null"]);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_deliveries_dropped_total 2$/m);
  outbound.stop();
});

Deno.test("Outbound names what was missed in one gap, once it has caught up", async () => {
  const { clock, outbound, socket } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  outbound.send(new Packet([chat(4)]));
  outbound.send(new Packet([chat(5), chat(6)]));
  await clock.advance(1000);
  assert.deepEqual(socket.texts, []);
  socket.bufferedAmount = LIMITS.softBytesMax / 2;
  await clock.advance(100);
  assert.deepEqual(socket.texts, ["gap 4-6"]);
  assert.equal(outbound.send(new Packet([chat(7)])), 1);
  assert.deepEqual(socket.texts, ["gap 4-6", "chat 7"]);
  assert.equal(clock.armed, 0);
});

Deno.test("Outbound tells of a gap before a higher number goes out", async () => {
  const { clock, metrics, outbound, socket } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  outbound.send(new Packet([chat(4)]));
  const packet = new Packet([chat(5), control(6), control(null), chat(7)]);
  assert.equal(outbound.send(packet), 2);
  assert.deepEqual(socket.texts, ["gap 4-5", "control 6", "control null"]);
  outbound.send(new Packet([control(8), control(9), chat(10)]));
  assert.deepEqual(socket.texts.splice(3), [
    "gap 7-7",
    "control 8",
    "control 9",
  ]);
  socket.bufferedAmount = 0;
  await clock.advance(100);
  assert.deepEqual(socket.texts.splice(3), ["gap 10-10"]);
  const { body } = await metrics.text();
  assert.match(body, /^parlor_deliveries_dropped_total 4$/m);
});

Deno.test("Outbound has no word for a gap where the dialect has none", () => {
  const { outbound, socket } = newOutbound(false);
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  outbound.send(new Packet([chat(1), control(2)]));
  assert.deepEqual(socket.texts, ["control 2"]);
  outbound.stop();
});

Deno.test("Outbound goes on dropping until half of the soft bound is free", async () => {
  const { clock, outbound, socket } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  outbound.send(new Packet([chat(1)]));
  socket.bufferedAmount = LIMITS.softBytesMax / 2 + 1;
  await clock.advance(100);
  assert.equal(outbound.send(new Packet([chat(2)])), 0);
  socket.bufferedAmount = 0;
  await clock.advance(100);
  assert.deepEqual(socket.texts, ["gap 1-2"]);
});

Deno.test("Outbound tells of no gap when only counts were missed", async () => {
  const { clock, outbound, socket } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  outbound.send(new Packet([{ frame: "stats", droppable: true, seq: null }]));
  socket.bufferedAmount = 0;
  await clock.advance(100);
  assert.deepEqual(socket.texts, []);
  assert.equal(outbound.send(new Packet([chat(1)])), 1);
});

Deno.test("Outbound gives a connection up past the hard bound, not at it", () => {
  const { outbound, socket, slowCount } = newOutbound();
  socket.bufferedAmount = LIMITS.hardBytesMax;
  assert.equal(outbound.send(new Packet([control(1)])), 1);
  assert.equal(slowCount(), 0);
  socket.bufferedAmount = LIMITS.hardBytesMax + 1;
  assert.equal(outbound.send(new Packet([control(2)])), 0);
  assert.equal(slowCount(), 1);
  assert.deepEqual(socket.texts, ["control 1"]);
});

Deno.test("Outbound.drained() waits for the soft bound", async () => {
  const { clock, outbound, socket } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  let drained: boolean | undefined;
  const waiting = outbound.drained().then((answer) => drained = answer);
  await clock.advance(500);
  assert.equal(drained, undefined);
  socket.bufferedAmount = LIMITS.softBytesMax;
  await clock.advance(100);
  assert.equal(await waiting, true);
});

Deno.test("Outbound.drained() gives up after 30 s", async () => {
  const { clock, outbound, socket, slowCount } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  const waiting = outbound.drained();
  await clock.advance(29_900);
  assert.equal(slowCount(), 0);
  await clock.advance(200);
  assert.equal(slowCount(), 1);
  assert.equal(await waiting, false);
});

Deno.test("Outbound.stop() leaves no timer of a lag behind", () => {
  const { clock, outbound, socket } = newOutbound();
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  outbound.send(new Packet([chat(1)]));
  assert.equal(clock.armed, 1);
  outbound.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("Outbound tells of no gap in a dialect without a word for it", async () => {
  const { clock, outbound, socket } = newOutbound(false);
  socket.bufferedAmount = LIMITS.softBytesMax + 1;
  outbound.send(new Packet([chat(1)]));
  socket.bufferedAmount = 0;
  await clock.advance(100);
  assert.deepEqual(socket.texts, []);
  assert.equal(outbound.send(new Packet([chat(2)])), 1);
});
