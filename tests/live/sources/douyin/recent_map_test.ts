import assert from "node:assert/strict";
import { RecentMap } from "../../../../src/live/sources/douyin/recent_map.ts";

Deno.test("RecentMap forgets what was used longest ago", () => {
  const map = new RecentMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  assert.equal(map.get("a"), 1);
  map.set("c", 3);
  assert.equal(map.size, 2);
  assert.equal(map.get("a"), 1);
  assert.equal(map.get("b"), undefined);
  assert.equal(map.get("c"), 3);
});

Deno.test("RecentMap forgets nothing when a known key is set", () => {
  const map = new RecentMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  assert.deepEqual([map.get("a"), map.get("b")], [3, 2]);
});

Deno.test("RecentMap deletes", () => {
  const map = new RecentMap<string, number>(2);
  map.set("a", 1);
  map.delete("a");
  assert.equal(map.get("a"), undefined);
});
