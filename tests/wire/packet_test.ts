import assert from "node:assert/strict";
import { Packet, type Said } from "../../src/wire/packet.ts";

function chat(seq: number): Said {
  return { frame: `m${seq}`, droppable: true, seq };
}

function urgent(frame: string, seq: number | null = null): Said {
  return { frame, droppable: false, seq };
}

Deno.test("Packet holds its texts in order, single and joined", () => {
  const packet = new Packet([chat(1), urgent("ack"), chat(2)]);
  assert.deepEqual(packet.frames, ["m1", "ack", "m2"]);
  assert.deepEqual(packet.joined, ["m1\nack\nm2"]);
  assert.equal(packet.length, 7);
});

Deno.test("Packet of one text has no newline and nothing to drop", () => {
  const packet = Packet.of("pong");
  assert.deepEqual(packet.frames, ["pong"]);
  assert.deepEqual(packet.joined, ["pong"]);
  assert.deepEqual(packet.urgent?.frames, ["pong"]);
  assert.equal(packet.missable, null);
});

Deno.test("Packet makes its urgent part once", () => {
  const packet = new Packet([chat(1), urgent("kick", 2), chat(3)]);
  assert.deepEqual(packet.urgent?.frames, ["kick"]);
  assert.equal(packet.urgent, packet.urgent);
});

Deno.test("Packet has no urgent part when all of it may be dropped", () => {
  assert.equal(new Packet([chat(1), chat(2)]).urgent, null);
});

Deno.test("Packet tells which numbers a listener that lags misses", () => {
  const { missable } = new Packet([
    urgent("system", 4),
    chat(5),
    urgent("ack"),
    chat(6),
    urgent("kick", 7),
  ]);
  assert.deepEqual(missable, { from: 5, to: 6 });
});

Deno.test("Packet has no number to miss when nothing numbered is droppable", () => {
  const stats = { frame: "stats", droppable: true, seq: null };
  assert.equal(new Packet([stats, urgent("system", 4)]).missable, null);
  const { urgent: rest } = new Packet([stats, urgent("system", 4)]);
  assert.deepEqual(rest?.frames, ["system"]);
});

const BYTES = new Uint8Array([0, 10, 255]);

function binary(seq: number): Said {
  return { frame: BYTES, droppable: true, seq };
}

Deno.test("Packet holds bytes as they are, and counts them", () => {
  const packet = new Packet([chat(1), binary(2)]);
  assert.deepEqual(packet.frames, ["m1", BYTES]);
  assert.equal(packet.length, 5);
  assert.deepEqual(Packet.of(BYTES).frames, [BYTES]);
});

Deno.test("Packet joins the texts between bytes, and no bytes", () => {
  const packet = new Packet([
    chat(1),
    urgent("ack"),
    binary(2),
    binary(3),
    chat(4),
  ]);
  assert.deepEqual(packet.joined, ["m1\nack", BYTES, BYTES, "m4"]);
  const around = new Packet([binary(1), chat(2), binary(3)]);
  assert.deepEqual(around.joined, [BYTES, "m2", BYTES]);
});

Deno.test("Packet keeps the very bytes in each of its forms", () => {
  const packet = new Packet([binary(1), { ...binary(2), droppable: false }]);
  assert.equal(packet.frames[0], BYTES);
  assert.equal(packet.joined[0], BYTES);
  assert.equal(packet.urgent?.frames[0], BYTES);
  assert.deepEqual(packet.missable, { from: 1, to: 1 });
});

Deno.test("Packet writes a newline as a space only where texts are joined", () => {
  const text = '{\n"a":\r\n1}\n';
  const packet = new Packet([urgent(text), chat(1)]);
  assert.deepEqual(packet.frames, [text, "m1"]);
  assert.deepEqual(packet.joined, ['{ "a":\r 1} \nm1']);
  assert.deepEqual(JSON.parse('{ "a":\r 1} '), JSON.parse(text));
  assert.deepEqual(Packet.of(text).joined, ['{ "a":\r 1} ']);
});
