import assert from "node:assert/strict";
import {
  PACED_USERS_MAX,
  PER_MINUTE_MAX,
  UserPace,
} from "../../../src/http/tools/user_pace.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function spend(pace: UserPace, userId: string, count: number): void {
  for (let one = 0; one < count; one++) pace.spend(userId);
}

Deno.test("UserPace lets a user do so much at once, and others as much", () => {
  const pace = new UserPace(new FakeClock());
  spend(pace, "u1", PER_MINUTE_MAX);
  const refusal = { code: "rate_limited", retryAfterMs: 3000 };
  assert.throws(() => pace.spend("u1"), refusal);
  spend(pace, "u2", PER_MINUTE_MAX);
});

Deno.test("UserPace wears off, by a clock that never steps back", async () => {
  const clock = new FakeClock();
  const pace = new UserPace(clock);
  spend(pace, "u1", PER_MINUTE_MAX);
  clock.setBack(3_600_000);
  await clock.advance(2999);
  assert.throws(() => pace.spend("u1"), { retryAfterMs: 1 });
  await clock.advance(1);
  pace.spend("u1");
  assert.throws(() => pace.spend("u1"), { code: "rate_limited" });
  await clock.advance(60_000);
  spend(pace, "u1", PER_MINUTE_MAX);
});

Deno.test("UserPace forgets users for whom all wore off", async () => {
  const clock = new FakeClock();
  const pace = new UserPace(clock);
  for (const userId of ["u1", "u2", "u3"]) pace.spend(userId);
  assert.equal(pace.size, 3);
  await clock.advance(3000);
  pace.spend("u4");
  assert.equal(pace.size, 1);
});

Deno.test("UserPace remembers so many users, who asked last", () => {
  const pace = new UserPace(new FakeClock());
  spend(pace, "first", PER_MINUTE_MAX);
  for (let user = 1; user < PACED_USERS_MAX; user++) pace.spend(`u${user}`);
  assert.throws(() => pace.spend("first"), { code: "rate_limited" });
  assert.equal(pace.size, PACED_USERS_MAX);
  pace.spend("one more");
  assert.equal(pace.size, PACED_USERS_MAX);
  pace.spend("first");
});
