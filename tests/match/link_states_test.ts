import assert from "node:assert/strict";
import { LINK_TRANSITIONS, moveLink } from "../../src/match/link_states.ts";
import type { LinkStatus } from "../../src/wire/heart_link.ts";

const STATUSES: readonly LinkStatus[] = [
  "pending",
  "matching",
  "matched",
  "expired",
  "cancelled",
];

Deno.test("moveLink takes the steps of the contract, and a release, and no other", () => {
  const steps = STATUSES.flatMap((from) =>
    STATUSES.filter((to) => {
      try {
        return moveLink(from, to) === to;
      } catch {
        return false;
      }
    }).map((to) => `${from} to ${to}`)
  );
  assert.deepEqual(steps, [
    "pending to matching",
    "pending to expired",
    "pending to cancelled",
    "matching to pending",
    "matching to matched",
    "matched to expired",
  ]);
});

Deno.test("moveLink says what it wants", () => {
  assert.throws(() => moveLink("matched", "cancelled"), {
    message:
      "Cannot move a heart link that is matched: want expired, got cancelled",
  });
  assert.throws(() => moveLink("expired", "pending"), {
    message:
      "Cannot move a heart link that is expired: want no step, got pending",
  });
});

Deno.test("LINK_TRANSITIONS has a row for each status", () => {
  assert.deepEqual(Object.keys(LINK_TRANSITIONS), STATUSES);
});
