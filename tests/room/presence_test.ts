import assert from "node:assert/strict";
import { Presence } from "../../src/room/presence.ts";
import { FakeSession } from "../support/fake_session.ts";

const ann = new FakeSession("ann");
const ann2 = new FakeSession("ann", { id: "ann2" });
const bob = new FakeSession("bob");

function newPresence(): Presence {
  const presence = new Presence();
  presence.add(ann, 1);
  presence.add(bob, 2);
  presence.add(ann2, 3);
  return presence;
}

Deno.test("Presence counts users and their sessions", () => {
  const presence = newPresence();
  assert.equal(presence.userCount, 2);
  assert.equal(presence.sessionCount, 3);
  assert.deepEqual(presence.sessionsOf("ann"), [ann, ann2]);
  assert.deepEqual(presence.sessionsOf("cid"), []);
  assert.deepEqual([...presence.sessions()], [ann, ann2, bob]);
});

Deno.test("Presence lists members with their sessions, oldest first", () => {
  assert.deepEqual([...newPresence().members()], [
    {
      userId: "ann",
      sessions: [{ session: ann, joinedAt: 1 }, { session: ann2, joinedAt: 3 }],
    },
    { userId: "bob", sessions: [{ session: bob, joinedAt: 2 }] },
  ]);
});

Deno.test("Presence keeps a user until the last session is removed", () => {
  const presence = newPresence();
  assert(presence.remove(ann));
  assert(presence.isHere("ann"));
  assert.deepEqual([presence.userCount, presence.sessionCount], [2, 2]);
  assert(presence.remove(ann2));
  assert(!presence.isHere("ann"));
  assert.deepEqual([presence.userCount, presence.sessionCount], [1, 1]);
});

Deno.test("Presence removes the newer session of a user, and keeps the older", () => {
  const presence = newPresence();
  assert(presence.remove(ann2));
  assert.deepEqual(presence.sessionsOf("ann"), [ann]);
});

Deno.test("Presence knows sessions by identity", () => {
  const presence = newPresence();
  const twin = new FakeSession("ann");
  assert(presence.has(ann));
  assert(!presence.has(twin));
  assert(!presence.remove(twin));
  assert.equal(presence.sessionCount, 3);
});

Deno.test("Presence removes a session once", () => {
  const presence = newPresence();
  assert(presence.remove(bob));
  assert(!presence.remove(bob));
  assert(!presence.has(bob));
  assert.equal(presence.sessionCount, 2);
});

Deno.test("Presence counts how often users came and went", () => {
  const presence = newPresence();
  assert.equal(presence.changeCount, 2);
  presence.remove(ann);
  assert.equal(presence.changeCount, 2);
  presence.remove(ann2);
  presence.remove(ann2);
  assert.equal(presence.changeCount, 3);
});
