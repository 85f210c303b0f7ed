import assert from "node:assert/strict";
import { Packet, type Said } from "../../src/wire/packet.ts";

function chat(seq: number): Said {
  return { text: `m${seq}`, droppable: true, seq };
}

function urgent(text: string, seq: number | null = null): Said {
  return { text, droppable: false, seq };
}

Deno.test("Packet holds its texts in order, single and joined", () => {
  const packet = new Packet([chat(1), urgent("ack"), chat(2)]);
  assert.deepEqual(packet.texts, ["m1", "ack", "m2"]);
  assert.equal(packet.joined, "m1\nack\nm2");
  assert.equal(packet.length, 7);
});

Deno.test("Packet of one text has no newline and nothing to drop", () => {
  const packet = Packet.of("pong");
  assert.deepEqual(packet.texts, ["pong"]);
  assert.equal(packet.joined, "pong");
  assert.deepEqual(packet.urgent?.texts, ["pong"]);
  assert.equal(packet.missable, null);
});

Deno.test("Packet makes its urgent part once", () => {
  const packet = new Packet([chat(1), urgent("kick", 2), chat(3)]);
  assert.deepEqual(packet.urgent?.texts, ["kick"]);
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
  const stats = { text: "stats", droppable: true, seq: null };
  assert.equal(new Packet([stats, urgent("system", 4)]).missable, null);
  const { urgent: rest } = new Packet([stats, urgent("system", 4)]);
  assert.deepEqual(rest?.texts, ["system"]);
});
