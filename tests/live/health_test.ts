import assert from "node:assert/strict";
import { Health } from "../../src/live/health.ts";

const BOUNDS = { stallMs: 120_000, pingMs: 20_000 };
const WELL = { fault: null, isSilent: false, isPingDue: false };

Deno.test("Health finds a silence of 60 s and a stall of stallMs", () => {
  const health = new Health(BOUNDS, 0);
  assert.deepEqual(health.look(59_999, false), WELL);
  assert.deepEqual(health.look(60_000, false), { ...WELL, isSilent: true });
  assert.equal(health.look(119_999, false).fault, null);
  assert.equal(health.look(120_000, false).fault, "stalled");
  health.heard(120_000);
  assert.deepEqual(health.look(179_999, false), WELL);
});

Deno.test("Health never finds a stall when stallMs is 0", () => {
  const health = new Health({ ...BOUNDS, stallMs: 0 }, 0);
  assert.equal(health.look(9_000_000, false).fault, null);
});

Deno.test("Health asks for a ping every pingMs, of a source that answers", () => {
  const health = new Health(BOUNDS, 0);
  assert.equal(health.look(19_999, true).isPingDue, false);
  assert.equal(health.look(20_000, false).isPingDue, false);
  assert.equal(health.look(20_000, true).isPingDue, true);
  assert.equal(health.look(20_001, true).isPingDue, false);
  health.alive();
  assert.equal(health.look(40_000, true).isPingDue, true);
});

Deno.test("Health asks for no ping when pingMs is 0", () => {
  const health = new Health({ ...BOUNDS, pingMs: 0 }, 0);
  assert.equal(health.look(50_000, true).isPingDue, false);
});

Deno.test("Health finds half-open what gives no sign for pingMs and 10 s after a ping", () => {
  const health = new Health(BOUNDS, 0);
  health.look(20_000, true);
  assert.equal(health.look(49_999, true).fault, null);
  assert.equal(health.look(50_000, true).fault, "half_open");
  health.heard(50_000);
  assert.equal(health.look(50_001, true).fault, null);
});

Deno.test("Health says nothing of a time in which it was held", () => {
  const health = new Health(BOUNDS, 0);
  health.look(20_000, true);
  health.held(300_000);
  assert.deepEqual(health.look(300_001, true), WELL);
});
