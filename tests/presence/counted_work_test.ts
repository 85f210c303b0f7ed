import assert from "node:assert/strict";
import { countedWork } from "./counted_work.ts";

Deno.test("countedWork counts a look-up once and a walk by its steps", () => {
  const map = new Map(Array.from({ length: 100 }, (_, index) => [index, ""]));
  assert.equal(countedWork(() => void map.get(5)), 1);
  assert.equal(countedWork(() => void [...map.keys()]), 101);
  assert.equal(countedWork(() => map.forEach(() => {})), 0);
  const set = new Set(map.keys());
  const walk = () => {
    for (const one of set) if (one === 9) break;
  };
  assert.equal(countedWork(walk), 10);
});

Deno.test("countedWork leaves maps as they were", () => {
  const { get } = Map.prototype;
  assert.throws(() =>
    countedWork(() => {
      throw new Error("stop");
    }), /stop/);
  assert.equal(Map.prototype.get, get);
});
