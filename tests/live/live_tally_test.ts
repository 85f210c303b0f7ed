import assert from "node:assert/strict";
import { LiveTally, SAVED_TALLY } from "../../src/live/live_tally.ts";
import type { LiveType } from "../../src/wire/live.ts";

function tallied(...messages: [LiveType, number][]): LiveTally {
  const tally = new LiveTally();
  for (const [type, count] of messages) tally.note({ type, count, data: {} });
  return tally;
}

Deno.test("LiveTally counts messages, and gifts and likes by their count", () => {
  const tally = tallied(
    ["chat", 1],
    ["gift", 10],
    ["gift", 1],
    ["like", 23],
    ["member", 1],
    ["follow", 1],
    ["fansclub", 1],
    ["room_rank", 1],
  );
  assert.deepEqual(tally.stats(), {
    messages: 8,
    chats: 1,
    gifts: 11,
    likes: 23,
    members: 1,
    follows: 1,
    currentViewers: null,
    totalViewers: null,
    totalViewersCount: null,
  });
});

Deno.test("LiveTally keeps what was told last of who watches", () => {
  const tally = new LiveTally();
  function tell(data: Record<string, unknown>): void {
    tally.note({ type: "stats", count: 1, data });
  }
  tell({ current_viewers: 5, total_viewers: "1.2万" });
  tell({ current_viewers: 6 });
  assert.equal(tally.stats().currentViewers, 6);
  assert.equal(tally.stats().totalViewers, "1.2万");
  tell({ total_viewers: "many" });
  assert.equal(tally.stats().currentViewers, 6);
  assert.equal(tally.stats().totalViewers, "many");
  assert.equal(tally.stats().totalViewersCount, null, "12000 was of before");
  tally.note({ type: "chat", count: 1, data: { current_viewers: 9 } });
  assert.equal(tally.stats().currentViewers, 6, "a chat says nothing of it");
});

Deno.test("LiveTally adds counts of messages that it did not see", () => {
  const tally = tallied(["like", 2]);
  tally.addCounts([
    { type: "like", messages: 3, count: 40 },
    { type: "control", messages: 1, count: 1 },
  ]);
  assert.equal(tally.stats().messages, 5);
  assert.equal(tally.stats().likes, 42);
});

Deno.test("LiveTally comes back as it was stored", () => {
  const stats = tallied(["gift", 3], ["chat", 1]).stats();
  const saved = SAVED_TALLY.parse(JSON.parse(JSON.stringify(stats)));
  const again = new LiveTally(saved);
  again.note({ type: "gift", count: 2, data: {} });
  assert.equal(again.stats().gifts, 5);
  assert.equal(again.stats().messages, 3);
});

Deno.test("LiveTally stays a number whatever is added", () => {
  const messages = Number.MAX_SAFE_INTEGER;
  const tally = new LiveTally();
  tally.addCounts([{ type: "like", messages, count: messages }]);
  tally.note({ type: "like", count: Infinity, data: {} });
  tally.note({ type: "like", count: NaN, data: {} });
  assert.equal(tally.stats().likes, Number.MAX_SAFE_INTEGER);
  assert.equal(tally.stats().messages, Number.MAX_SAFE_INTEGER);
});
