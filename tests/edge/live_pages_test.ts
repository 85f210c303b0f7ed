import assert from "node:assert/strict";
import { LivePages } from "../../src/edge/live_pages.ts";
import { StoreError } from "../../src/store/store.ts";
import { ActorWorld } from "../room/actor_world.ts";

function seqsOf({ entries }: { entries: readonly { seq: number }[] }) {
  return entries.map(({ seq }) => seq);
}

Deno.test("LivePages reads the newest 50 of a log, and where it ends", async () => {
  using world = new ActorWorld({ start: { lastSeq: 51 } });
  const { entries, throughSeq } = await new LivePages().newest(world.actor);
  const wanted = Array.from({ length: 50 }, (_, index) => index + 2);
  assert.deepEqual(seqsOf({ entries }), wanted);
  assert.equal(throughSeq, 51);
});

Deno.test("LivePages finds the end of a log that has nothing", async () => {
  using world = new ActorWorld();
  assert.deepEqual(await new LivePages().newest(world.actor), {
    entries: [],
    throughSeq: 0,
  });
});

Deno.test("LivePages reads a log once for all who wait, and again for the next", async () => {
  using world = new ActorWorld({ start: { lastSeq: 3 } });
  const { actor, reader } = world;
  const pages = new LivePages();
  reader.hold();
  const waiting = [pages.newest(actor), pages.newest(actor)];
  reader.release();
  const [first, second] = await Promise.all(waiting);
  assert.equal(first, second);
  assert.equal(reader.reads.length, 1);
  await pages.newest(actor);
  assert.equal(reader.reads.length, 2);
});

Deno.test("LivePages fails all who wait, and tries again for the next", async () => {
  using world = new ActorWorld({ start: { lastSeq: 3 } });
  const { actor, reader } = world;
  const pages = new LivePages();
  const failure = new StoreError("io", "gone");
  reader.failure = failure;
  const waiting = [pages.newest(actor), pages.newest(actor)];
  for (const one of waiting) await assert.rejects(one, failure);
  reader.failure = undefined;
  assert.deepEqual(seqsOf(await pages.newest(actor)), [1, 2, 3]);
});
