import assert from "node:assert/strict";
import type { LiveItem } from "../../src/web/live_facts.ts";
import { countOf, gathered } from "../../src/web/live_gather.ts";

function item(seq: number, at: number, data: LiveItem["data"]): LiveItem {
  return { seq, at, data };
}

/** Each line as its type, its numbers and its count. */
function lines(items: readonly LiveItem[]): string[] {
  return gathered(items).map((line) =>
    `${line.data["type"]} ${line.from_seq ?? line.seq}-${line.seq} ` +
    `${line.conflated ?? 1} ${countOf(line)}`
  );
}

Deno.test("gathered() makes one line of a second's likes, and one of its visits", () => {
  const like = { type: "like", "user_name": "Ann", count: 3 };
  const member = { type: "member", "user_name": "Bo" };
  assert.deepEqual(
    lines([
      item(1, 0, like),
      item(2, 10, { type: "chat" }),
      item(3, 20, member),
      item(4, 500, { ...like, count: 5 }),
      item(5, 600, { type: "chat" }),
      item(6, 1000, member),
    ]),
    ["chat 2-2 1 1", "like 1-4 2 8", "chat 5-5 1 1", "member 3-6 2 2"],
  );
});

Deno.test("gathered() begins a sum anew after a second", () => {
  const like = { type: "like" };
  for (const [at, wanted] of [[999, 1], [1000, 1], [1001, 2]] as const) {
    const all = [item(1, 0, like), item(2, at, like)];
    assert.equal(gathered(all).length, wanted, `${at} ms`);
  }
});

Deno.test("gathered() adds to a sum that is one already", () => {
  const sum = { ...item(4, 0, { type: "like", count: 9 }), "from_seq": 1 };
  const all = [{ ...sum, conflated: 3 }, item(5, 1, { type: "like" })];
  assert.deepEqual(lines(all), ["like 1-5 4 10"]);
});

Deno.test("gathered() leaves everything else as it is", () => {
  const gift = { type: "gift", "gift_count": 2 };
  const all = [item(1, 0, gift), item(2, 0, gift), item(3, 0, { type: 5 })];
  assert.deepEqual(gathered(all), all);
  assert.deepEqual(gathered([]), []);
});

Deno.test("countOf() is 1 for what is no number", () => {
  assert.equal(countOf(item(1, 0, { count: "7" })), 1);
});
