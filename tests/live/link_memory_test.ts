import assert from "node:assert/strict";
import { LinkMemory } from "../../src/live/link_memory.ts";
import type { SourceMessage } from "../../src/live/source.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const DAY_MS = 86_400_000;

function chats(count: number, sentAt?: number): SourceMessage[] {
  const chat = { type: "chat" as const, count: 1, data: {} };
  const one = sentAt === undefined ? chat : { ...chat, sentAt };
  return new Array(count).fill(one);
}

/** A link that was live for a minute, and had 5 messages. */
function lived(): LinkMemory {
  const memory = LinkMemory.fresh(NOW);
  memory.noteState("live", NOW);
  memory.noteKept(chats(5, NOW + 57_000), NOW + 60_000);
  return memory;
}

Deno.test("LinkMemory is fresh when a link is asked for", () => {
  const memory = LinkMemory.fresh(NOW);
  assert.equal(memory.lastMessageAt, NOW);
  assert.equal(memory.reconnectCount, 0);
  assert.equal(memory.failingSinceAt, null);
  assert.equal(memory.stats().messages, 0);
  assert.equal(memory.quality(NOW).score, null);
  assert.deepEqual(memory.perMinute(NOW), new Array(60).fill(0));
});

Deno.test("LinkMemory counts what was kept", () => {
  const memory = lived();
  assert.equal(memory.lastMessageAt, NOW + 60_000);
  assert.equal(memory.stats().chats, 5);
  assert.deepEqual(memory.perMinute(NOW + 60_000).slice(-2), [0, 5]);
});

Deno.test("LinkMemory takes no time from an empty batch", () => {
  const memory = LinkMemory.fresh(NOW);
  memory.noteKept([], NOW + 1000);
  assert.equal(memory.lastMessageAt, NOW);
});

Deno.test("LinkMemory judges the link", () => {
  const memory = lived();
  memory.noteReconnect(NOW + 60_000);
  const { score, parts } = memory.quality(NOW + 60_000);
  assert.equal(parts.liveShare.value, 1);
  assert.equal(parts.reconnectsPerHour.value, 1);
  assert.equal(parts.longestSilenceMs.value, 60_000);
  assert.equal(parts.lagMs.value, 3000);
  assert.equal(parts.lagMs.score, 93);
  assert.equal(score, 97);
});

Deno.test("LinkMemory comes back as it was stored", () => {
  const memory = lived();
  memory.reconnectCount = 3;
  memory.failingSinceAt = NOW + 61_000;
  memory.failingMs = 1234;
  const again = LinkMemory.read(memory.toJson(), NOW + 120_000);
  assert.equal(again.lastMessageAt, NOW + 60_000);
  assert.equal(again.reconnectCount, 3);
  assert.equal(again.failingSinceAt, NOW + 61_000);
  assert.equal(again.failingMs, 1234);
  assert.deepEqual(again.stats(), memory.stats());
  assert.deepEqual(again.perMinute(NOW + 120_000).slice(-3), [0, 5, 0]);
  const { parts } = again.quality(NOW + 120_000);
  assert.equal(parts.liveShare.value, 0.5, "it was wanted meanwhile");
  assert.equal(parts.lagMs.value, null);
});

Deno.test("LinkMemory adds what was kept when the process died", () => {
  const again = LinkMemory.read(lived().toJson(), NOW + 60_000);
  again.addCounts([{ type: "gift", messages: 2, count: 20 }]);
  assert.equal(again.stats().messages, 7);
  assert.equal(again.stats().gifts, 20);
});

Deno.test("LinkMemory is fresh where the text cannot be read", () => {
  const saved = JSON.parse(lived().toJson());
  const texts = [
    "",
    "null",
    "{}",
    "[]",
    "{",
    JSON.stringify({ ...saved, reconnectCount: -1 }),
    JSON.stringify({ ...saved, minutes: { minute: 1, counts: [1] } }),
    JSON.stringify({ ...saved, lastMessageAt: "soon" }),
    JSON.stringify(saved).replace(
      /"lastMessageAt":\d+/,
      '"lastMessageAt":1e999',
    ),
  ];
  for (const text of texts) {
    const memory = LinkMemory.read(text, NOW + DAY_MS);
    assert.equal(memory.lastMessageAt, NOW + DAY_MS, text);
    assert.equal(memory.stats().messages, 0, text);
  }
});

Deno.test("LinkMemory has no instant to come after the clock stepped back", () => {
  const memory = lived();
  memory.failingSinceAt = NOW + 60_000;
  const again = LinkMemory.read(memory.toJson(), NOW - DAY_MS);
  assert.equal(again.lastMessageAt, NOW - DAY_MS);
  assert.equal(again.failingSinceAt, NOW - DAY_MS);
  again.noteState("live", NOW - DAY_MS);
  again.noteKept(chats(1, NOW), NOW - DAY_MS + 10);
  again.noteKept(chats(1, NOW), NOW - 2 * DAY_MS);
  assert.equal(again.lastMessageAt, NOW - 2 * DAY_MS);
  const { score, parts } = again.quality(NOW - 2 * DAY_MS);
  assert.equal(score, 100);
  assert.equal(parts.lagMs.value, 0);
});

Deno.test("LinkMemory is at most 8 KiB however much it holds", () => {
  const memory = LinkMemory.fresh(NOW);
  const messages = Number.MAX_SAFE_INTEGER;
  for (const type of ["chat", "gift", "like", "member", "follow"] as const) {
    memory.addCounts([{ type, messages, count: messages }]);
  }
  const totalViewers = "\u0000".repeat(32);
  const data = {
    ["total_viewers"]: totalViewers,
    ["total_viewers_count"]: messages,
    ["current_viewers"]: messages,
  };
  memory.noteKept([{ type: "stats", count: 1, data }], NOW);
  for (let minute = 0; minute < 24 * 60; minute++) {
    const now = NOW + minute * 60_000 + 1234.5678901;
    memory.noteState(minute % 2 === 0 ? "live" : "waiting", now);
    memory.noteReconnect(now);
    memory.noteKept(chats(10_000, now - 1), now);
  }
  const bytes = new TextEncoder().encode(memory.toJson()).length;
  assert(bytes <= 8192, `${bytes} bytes`);
  const again = LinkMemory.read(memory.toJson(), NOW + DAY_MS);
  assert.equal(again.stats().messages, memory.stats().messages);
});
