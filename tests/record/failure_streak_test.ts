import assert from "node:assert/strict";
import { errorText, FailureStreak } from "../../src/record/failure_streak.ts";

Deno.test("FailureStreak remembers its start and its last error", () => {
  const streak = new FailureStreak();
  assert.equal(streak.current, null);
  streak.note(new Error("disk full"), 1000);
  streak.note(new Error("disk gone"), 2000);
  const failing = { sinceAt: 1000, error: "disk gone", attempts: 2 };
  assert.deepEqual(streak.current, failing);
  assert.deepEqual(streak.end(), failing);
  assert.equal(streak.current, null);
});

Deno.test("FailureStreak begins anew after something worked", () => {
  const streak = new FailureStreak();
  streak.note("first", 1000);
  streak.end();
  assert.equal(streak.end(), null);
  assert.deepEqual(streak.note("second", 3000), {
    sinceAt: 3000,
    error: "second",
    attempts: 1,
  });
});

Deno.test("errorText says what was thrown, whatever it was", () => {
  assert.equal(errorText(new TypeError("no")), "no");
  assert.equal(errorText("text"), "text");
  assert.equal(errorText(undefined), "undefined");
});
