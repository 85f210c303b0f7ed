import assert from "node:assert/strict";
import { MATCHED_MS_MAX, PENDING_MS_MAX } from "../../src/wire/heart_link.ts";
import { START_AT } from "../support/fake_clock.ts";
import { newLink } from "./link_fixture.ts";
import { person } from "./link_world.ts";

const MATCH = { roomId: "r", partner: person("b"), at: START_AT + 5 };

Deno.test("Link counts for ten minutes, the last instant included", () => {
  const link = newLink("a", { startedMs: 7 });
  assert(!link.isOverdue(7 + PENDING_MS_MAX - 1));
  assert(!link.isOverdue(7 + PENDING_MS_MAX));
  assert(link.isOverdue(7 + PENDING_MS_MAX + 1));
});

Deno.test("Link counts for an hour from its match on", () => {
  const link = newLink("a", { roomId: "w" });
  assert.equal(link.roomId, "w");
  link.claim();
  link.meet(MATCH, 1000);
  assert.equal(link.status, "matched");
  assert.equal(link.roomId, "r");
  assert(!link.isOverdue(1000 + MATCHED_MS_MAX));
  assert(link.isOverdue(1000 + MATCHED_MS_MAX + 1));
  link.expire();
  assert(!link.isOpen);
  assert(!link.isOverdue(Infinity));
  assert.deepEqual(link.match, MATCH);
});

Deno.test("Link waits again when it is released", () => {
  const link = newLink("a");
  link.claim();
  link.settleIn("w");
  assert.deepEqual([link.status, link.roomId], ["pending", "w"]);
  link.claim();
  link.release();
  link.cancel();
  assert.deepEqual([link.status, link.roomId], ["cancelled", "w"]);
});

Deno.test("Link refuses a step that is not allowed, and stays as it was", () => {
  const link = newLink("a");
  assert.throws(() => link.release(), /Cannot move/);
  assert.throws(() => link.meet(MATCH, 0), /Cannot move/);
  assert.equal(link.status, "pending");
  assert.equal(link.match, null);
  link.claim();
  assert.throws(() => link.claim(), /Cannot move/);
  assert.throws(() => link.cancel(), /Cannot move/);
  assert.throws(() => link.expire(), /Cannot move/);
});

Deno.test("Link says what is recorded of it", () => {
  assert.deepEqual(newLink("a", { number: "1234" }).toNew("r"), {
    id: "link-a",
    ...person("a"),
    number: "1234",
    roomId: "r",
    createdAt: START_AT,
  });
});
