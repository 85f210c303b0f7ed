import assert from "node:assert/strict";
import { chatOf, endMessage, neverAnswers } from "../support/fake_source.ts";
import { settle } from "../support/fake_clock.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { addLive, during, newWorld, type World } from "./supervisor_world.ts";

/** A process that follows another which was killed. */
function successor({ clock, store, rooms }: World): World {
  store.leases.clear();
  return newWorld({ clock, store, rooms });
}

async function stop({ clock, supervisor }: World): Promise<void> {
  const stopped = await during(clock, 6000, supervisor.stop());
  assert.equal(stopped.status, "fulfilled");
}

Deno.test("Supervisor writes a stop that came while the database was away", async () => {
  const world = newWorld();
  const { supervisor, store, clock } = world;
  await supervisor.start();
  await addLive(world);
  for (const call of ["holdLeases", "saveLinks", "dropLeases"] as const) {
    store.broken.add(call);
  }
  await clock.advance(30_000);
  assert.equal(supervisor.status("1")?.fault, "storage_unavailable");
  assert.equal(await supervisor.remove("1"), true);
  assert.equal(store.rows.get("1")?.isWanted, true);
  store.broken.clear();
  await clock.advance(5000);
  assert.equal(store.rows.get("1")?.isWanted, false);
  await stop(world);
});

Deno.test("Supervisor writes such a stop at its own end at the latest", async () => {
  const world = newWorld();
  const { supervisor, store, clock } = world;
  await supervisor.start();
  await addLive(world);
  for (const call of ["holdLeases", "saveLinks", "dropLeases"] as const) {
    store.broken.add(call);
  }
  await clock.advance(30_000);
  await supervisor.remove("1");
  store.broken.clear();
  await stop(world);
  assert.equal(store.rows.get("1")?.isWanted, false);
});

Deno.test("Supervisor refuses a stop while it does not know its links", async () => {
  const world = newWorld();
  const { supervisor, store } = world;
  store.broken.add("links");
  await supervisor.start();
  const code = "storage_unavailable";
  await assert.rejects(supervisor.remove("1"), { code });
  store.broken.clear();
  assert.equal(await supervisor.remove("1"), false);
  await stop(world);
});

for (const call of ["links", "countLive", "upstreamIds"] as const) {
  Deno.test(`Supervisor connects no link whose ${call} cannot be read, until they can`, async () => {
    const before = newWorld();
    await addLive(before);
    before.source.last.say(chatOf("a", "id-a"));
    await settle();
    await before.supervisor.stop();
    before.store.ids.set("room-1", ["id-a", "id-b"]);
    before.store.counted.set("room-1", {
      counts: [{ type: "chat", messages: 10, count: 10 }],
      lastSeq: 11,
    });
    const after = successor(before);
    const { supervisor, source, store, clock } = after;
    const { links } = store;
    if (call === "links") {
      // What the start reads can be read, what follows cannot.
      let reads = 0;
      store.links = () => {
        reads += 1;
        if (reads > 1 && store.broken.has("links")) {
          return Promise.reject(new Error("disk full"));
        }
        return Promise.resolve([...store.rows.values()]);
      };
    }
    store.broken.add(call);
    await supervisor.start();
    await clock.advance(12_000);
    const { state, fault } = supervisor.status("1") ?? {};
    assert.deepEqual([state, fault], ["waiting", "storage_unavailable"]);
    assert.deepEqual(source.checked, []);
    store.broken.clear();
    store.links = links;
    await clock.advance(5000);
    source.last.open();
    source.last.say(chatOf("b", "id-b"), chatOf("c", "id-c"));
    await settle();
    assert.equal(supervisor.view("1")?.stats.chats, 12);
    await stop(after);
  });
}

Deno.test("Supervisor leaves nothing of a start whose room cannot be read", async () => {
  const world = newWorld();
  const { supervisor, store, rooms } = world;
  rooms.create("1");
  store.broken.add("upstreamIds");
  const code = "storage_unavailable";
  await assert.rejects(supervisor.add("1"), { code });
  assert.equal(supervisor.status("1"), undefined);
  assert.deepEqual([store.rows.size, store.leases.size], [0, 0]);
  store.broken.clear();
  assert.equal((await supervisor.add("1")).isNew, true);
  await stop(world);
});

Deno.test("Supervisor removes the row of a failed start as soon as it can", async () => {
  const world = newWorld();
  const { supervisor, store, rooms, clock } = world;
  await supervisor.start();
  rooms.refusal = new ChatError("too_many_rooms");
  store.broken.add("forgetLinks");
  await assert.rejects(supervisor.add("1"), { code: "too_many_rooms" });
  assert.equal(store.rows.get("1")?.isWanted, true);
  store.broken.clear();
  await clock.advance(5000);
  assert.equal(store.rows.size, 0);
  await stop(world);
});

Deno.test("Supervisor removes such a row at its own end at the latest", async () => {
  const world = newWorld();
  const { supervisor, store, rooms } = world;
  rooms.refusal = new ChatError("too_many_rooms");
  store.broken.add("forgetLinks");
  await assert.rejects(supervisor.add("1"), { code: "too_many_rooms" });
  store.broken.clear();
  await stop(world);
  assert.equal(store.rows.size, 0);
});

Deno.test("Supervisor leaves the row of a failed start to another that has it since", async () => {
  const world = newWorld();
  const { supervisor, store, rooms, clock } = world;
  await supervisor.start();
  rooms.refusal = new ChatError("too_many_rooms");
  store.broken.add("forgetLinks");
  await assert.rejects(supervisor.add("1"), { code: "too_many_rooms" });
  store.leases.set("1", { owner: "another", untilAt: Infinity });
  await supervisor.add("1");
  store.broken.clear();
  await clock.advance(10_000);
  assert.equal(supervisor.status("1")?.fault, "lease_held");
  assert.equal(store.rows.size, 1);
  await stop(world);
});

Deno.test("Supervisor starts no link while 1000 rows cannot be removed", async () => {
  const world = newWorld();
  const { supervisor, store, rooms, clock } = world;
  await supervisor.start();
  rooms.refusal = new ChatError("too_many_rooms");
  store.broken.add("forgetLinks");
  for (let index = 0; index < 1000; index++) {
    const code = "too_many_rooms";
    await assert.rejects(supervisor.add(`${index}`), { code });
  }
  const code = "storage_unavailable";
  await assert.rejects(supervisor.add("1000"), { code });
  assert.equal(store.rows.size, 1000);
  rooms.refusal = undefined;
  store.broken.clear();
  await clock.advance(5000);
  assert.equal(store.rows.size, 0);
  assert.equal((await supervisor.add("1000")).isNew, true);
  await stop(world);
});

Deno.test("Supervisor forgets a link that was stopped, and whose room ended, in an outage", async () => {
  const world = newWorld();
  const { supervisor, store, clock } = world;
  await supervisor.start();
  await addLive(world);
  store.broken.add("saveLinks").add("forgetLinks");
  await supervisor.remove("1");
  supervisor.roomEnded("room-1");
  await settle();
  assert.equal(supervisor.status("1"), undefined);
  assert.equal(store.rows.get("1")?.isWanted, true);
  store.broken.clear();
  await clock.advance(5000);
  assert.equal(store.rows.size, 0);
  await stop(world);
});

Deno.test("Supervisor asks for no lease any more that a failed start has left", async () => {
  const world = newWorld();
  const { supervisor, store, clock } = world;
  await supervisor.start();
  await addLive(world);
  store.broken.add("holdLeases");
  await clock.advance(20_000);
  const removing = supervisor.remove("1");
  // The lease is not given up by the removal: this start has use for it.
  const code = "storage_unavailable";
  await assert.rejects(supervisor.add("1"), { code });
  assert.equal(await removing, true);
  store.broken.clear();
  await clock.advance(30_000);
  assert.equal(supervisor.status("1")?.isWanted, false);
  assert.equal(store.leases.size, 0);
  await stop(world);
});

Deno.test("Supervisor.retry of an ended room is stored, or refused", async () => {
  for (const call of ["saveLinks", "holdLeases"] as const) {
    const world = newWorld();
    const { supervisor, source, store } = world;
    await addLive(world);
    source.last.say(endMessage());
    await settle();
    store.broken.add(call);
    const code = "storage_unavailable";
    await assert.rejects(supervisor.retry("1"), { code });
    assert.equal(supervisor.status("1")?.state, "ended");
    assert.equal(supervisor.status("1")?.isWanted, false);
    store.broken.clear();
    assert.equal((await supervisor.retry("1")).state, "checking");
    assert.equal(store.rows.get("1")?.isWanted, true);
    await stop(world);
  }
});

Deno.test("Supervisor.retry of a room that ended before a restart keeps nothing twice", async () => {
  const before = newWorld();
  await addLive(before);
  before.source.last.say(chatOf("a", "id-a"), endMessage());
  await settle();
  await before.supervisor.stop();
  before.store.ids.set("room-1", ["id-a"]);
  const after = successor(before);
  await after.supervisor.start();
  await after.supervisor.retry("1");
  await settle();
  after.source.last.open();
  after.source.last.say(chatOf("a", "id-a"), chatOf("b", "id-b"));
  await settle();
  assert.deepEqual(after.rooms.find("1")?.contents, ["a", "b"]);
  await stop(after);
});

Deno.test("Supervisor tells a start that is under way at its end that it shuts down", async () => {
  const world = newWorld();
  world.source.onCheck = neverAnswers;
  const adding = assert.rejects(world.supervisor.add("1"), {
    code: "shutting_down",
  });
  await settle();
  await stop(world);
  await adding;
  assert.equal(world.store.rows.size, 0);
});

Deno.test("Supervisor does not take the time without a process for failing", async () => {
  const before = newWorld();
  await before.supervisor.start();
  await addLive(before);
  before.source.last.drop();
  await before.clock.advance(200);
  await stop(before);
  await before.clock.advance(7_200_000);
  const after = successor(before);
  after.source.answer = { kind: "unknown", fault: "connect_failed" };
  await after.supervisor.start();
  await settle();
  const { retryAt } = after.supervisor.status("1") ?? {};
  assert(retryAt && retryAt - after.clock.now() <= 60_000);
  await stop(after);
});

Deno.test("Supervisor finds a connection silent and stalled that only repeats itself", async () => {
  const world = newWorld();
  const { supervisor, source, clock } = world;
  await supervisor.start();
  await addLive(world);
  for (let second = 0; second < 120; second += 10) {
    if (second === 70) assert.equal(supervisor.status("1")?.state, "silent");
    source.last.say(chatOf("same", "same"));
    await clock.advance(10_000);
  }
  assert.equal(supervisor.status("1")?.fault, "stalled");
  await stop(world);
});
