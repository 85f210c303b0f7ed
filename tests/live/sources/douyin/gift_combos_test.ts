import assert from "node:assert/strict";
import {
  type ComboStep,
  GiftCombos,
} from "../../../../src/live/sources/douyin/gift_combos.ts";

function step(comboCount: number, more: Partial<ComboStep> = {}): ComboStep {
  return { key: "k", comboCount, quantity: comboCount, at: 1000, ...more };
}

Deno.test("GiftCombos counts what each step adds", () => {
  const combos = new GiftCombos();
  const added = [1, 2, 5].map((count) => combos.added(step(count)));
  assert.deepEqual(added, [1, 1, 3]);
});

Deno.test("GiftCombos counts groups", () => {
  const combos = new GiftCombos();
  assert.equal(combos.added(step(1, { quantity: 10 })), 10);
  assert.equal(combos.added(step(3, { quantity: 30 })), 20);
});

Deno.test("GiftCombos adds nothing for an equal count", () => {
  const combos = new GiftCombos();
  combos.added(step(2));
  assert.equal(combos.added(step(2, { at: 9000 })), 0);
});

Deno.test("GiftCombos takes a lower count for a new series", () => {
  // Newer, equal, and unknown on either side.
  for (const [at, nextAt] of [[5, 6], [5, 5], [5, 0], [0, 5], [0, 0]]) {
    const combos = new GiftCombos();
    combos.added(step(9, { at: at ?? 0 }));
    assert.equal(combos.added(step(1, { at: nextAt ?? 0 })), 1);
    assert.equal(combos.added(step(3, { at: 1000 })), 2);
  }
});

Deno.test("GiftCombos takes a lower count that is older for a late one", () => {
  const combos = new GiftCombos();
  combos.added(step(9));
  assert.equal(combos.added(step(7, { at: 999 })), 0);
  assert.equal(combos.added(step(10)), 1);
});

Deno.test("GiftCombos never takes back what it counted", () => {
  const combos = new GiftCombos();
  combos.added(step(2, { quantity: 20 }));
  assert.equal(combos.added(step(3, { quantity: 3 })), 0);
  assert.equal(combos.added(step(4, { quantity: 21 })), 1);
});

Deno.test("GiftCombos keeps combos apart, and forgets the oldest", () => {
  const combos = new GiftCombos(2);
  for (const key of ["a", "b"]) combos.added(step(5, { key }));
  assert.equal(combos.added(step(5, { key: "a" })), 0);
  combos.added(step(5, { key: "c" }));
  assert.equal(combos.added(step(5, { key: "a" })), 0);
  assert.equal(combos.added(step(5, { key: "b" })), 5);
});
