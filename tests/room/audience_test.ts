import assert from "node:assert/strict";
import { Audience } from "../../src/room/audience.ts";
import { FakeSession, ROOMS } from "../support/fake_session.ts";

const OTHER = { ...ROOMS, name: "other" };

Deno.test("Audience knows the dialects in use", () => {
  const audience = new Audience();
  const ann = new FakeSession("ann");
  const bob = new FakeSession("bob");
  const cid = new FakeSession("cid", { dialect: OTHER });
  for (const session of [ann, bob, cid]) audience.add(session);
  assert.deepEqual([...audience.dialects], [ROOMS, OTHER]);
  audience.remove(ann);
  assert.deepEqual([...audience.dialects], [ROOMS, OTHER]);
  audience.remove(bob);
  assert.deepEqual([...audience.dialects], [OTHER]);
  assert.deepEqual([...audience.sessions], [cid]);
});

Deno.test("Audience counts a frame a message, and batched sessions apart", () => {
  const audience = new Audience();
  audience.add(new FakeSession("ann"));
  audience.add(new FakeSession("bob"));
  const batched = new FakeSession("cid", { isBatched: true });
  audience.add(batched);
  assert.deepEqual([0, 1, 5].map((count) => audience.frameCount(count)), [
    0,
    2,
    10,
  ]);
  assert.equal(audience.batchedCount, 1);
  audience.remove(batched);
  assert.equal(audience.frameCount(5), 10);
  assert.equal(audience.batchedCount, 0);
});

Deno.test("Audience counts a session once, however often it is added", () => {
  const audience = new Audience();
  const ann = new FakeSession("ann", { isBatched: true });
  audience.add(ann);
  audience.add(ann);
  assert.equal(audience.batchedCount, 1);
  audience.remove(ann);
  audience.remove(ann);
  assert.equal(audience.batchedCount, 0);
  assert.equal(audience.frameCount(3), 0);
  assert.deepEqual([...audience.dialects], []);
});
