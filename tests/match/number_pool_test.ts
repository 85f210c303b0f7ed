import assert from "node:assert/strict";
import { NumberPool } from "../../src/match/number_pool.ts";
import { newLink } from "./link_fixture.ts";

Deno.test("NumberPool finds who waits with the same number", () => {
  const pool = new NumberPool();
  const a = newLink("a", { number: "0000" });
  assert(pool.add(a));
  assert.equal(pool.partnerFor("0000", "b"), a);
  assert.equal(pool.partnerFor("0001", "b"), undefined);
  assert.equal(pool.partnerFor("0000", "a"), undefined);
  pool.delete(a);
  assert.equal(pool.partnerFor("0000", "b"), undefined);
});

Deno.test("NumberPool holds one for each number", () => {
  const pool = new NumberPool();
  const a = newLink("a", { number: "0000" });
  const b = newLink("b", { number: "0000" });
  assert(pool.add(a));
  assert(!pool.add(b));
  pool.delete(b);
  assert.equal(pool.partnerFor("0000", "x"), a);
  assert.equal(pool.size, 1);
});

Deno.test("NumberPool has no place for a request without a number", () => {
  const pool = new NumberPool();
  assert(!pool.add(newLink("a")));
  pool.delete(newLink("a"));
  assert.equal(pool.size, 0);
});
