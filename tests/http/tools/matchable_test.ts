import assert from "node:assert/strict";
import { matchableOf } from "../../../src/http/tools/matchable.ts";
import { PER_MINUTE_MAX, UserPace } from "../../../src/http/tools/user_pace.ts";
import type { PageSession } from "../../../src/identity/page_session.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const SESSION: PageSession = {
  userId: "u1",
  nickname: "Ann",
  isProven: true,
  rooms: null,
  admin: false,
  expiresAt: null,
};

Deno.test("matchableOf tells a user as others see them, so many times a minute", () => {
  const pace = new UserPace(new FakeClock());
  for (let count = 0; count < PER_MINUTE_MAX; count++) {
    const person = matchableOf(SESSION, pace);
    assert.deepEqual(person, { userId: "u1", nickname: "Ann" });
  }
  assert.throws(() => matchableOf(SESSION, pace), { code: "rate_limited" });
});

Deno.test("matchableOf refuses a session for certain rooms, and counts nothing", () => {
  const pace = new UserPace(new FakeClock());
  for (const rooms of [new Set<string>(), new Set(["r1"])]) {
    assert.throws(() => matchableOf({ ...SESSION, rooms }, pace), {
      code: "room_refused",
    });
  }
  assert.equal(pace.size, 0);
});
