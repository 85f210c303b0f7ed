import assert from "node:assert/strict";
import { silentLog } from "../../src/base/log.ts";
import type { SqliteStore } from "../../src/store/sqlite_store.ts";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { addLive, newWorld, type World } from "./supervisor_world.ts";

const HOUR_MS = 3_600_000;

/** Several processes, as it were, on one database file. */
class Cluster implements AsyncDisposable {
  readonly #folder = new TempFolder();
  readonly #worlds: World[] = [];
  #store: SqliteStore | undefined;

  /** Opens the file, again if it was closed. */
  async open(): Promise<void> {
    this.#store = await openSqliteStore({
      url: `sqlite:${this.#folder.file("parlor.db")}`,
      clock: new FakeClock(),
      log: silentLog,
    });
  }

  async close(): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
  }

  get store(): SqliteStore {
    assert(this.#store, "the file is closed");
    return this.#store;
  }

  /** A process at the others' time; it is not started. */
  async join(nowMs = 0): Promise<World> {
    const clock = new FakeClock();
    await clock.advance(nowMs);
    // The world's own type says that its database is a fake.
    const store = this.store as never;
    const world = newWorld({ clock, store });
    this.#worlds.push(world);
    return world;
  }

  /** Lets time go on for some processes, as for those that are not dead. */
  async pass(ms: number, ...worlds: readonly World[]): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      for (const { clock } of worlds) await clock.advance(Math.min(left, 1000));
      await this.settled(...worlds);
    }
  }

  /** All that was asked of the database so far is answered, and heard. */
  async settled(...worlds: readonly World[]): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await this.store.dropLeases("nobody", ["none"]);
      for (const { clock } of worlds) await clock.advance(0);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { clock, supervisor } of this.#worlds) {
      const stopped = supervisor.stop();
      for (let step = 0; step < 6; step++) await clock.advance(1000);
      await stopped;
    }
    await this.close();
    this.#folder[Symbol.dispose]();
  }
}

/** How many of a process's connections to any room are open. */
function openCount({ source }: World): number {
  return source.connections.filter(({ isOver }) => !isOver).length;
}

async function newCluster(): Promise<Cluster> {
  const cluster = new Cluster();
  await cluster.open();
  return cluster;
}

Deno.test("Supervisor takes a link over within 20 s of its owner's death, and not while that lives", async () => {
  await using cluster = await newCluster();
  const first = await cluster.join();
  const second = await cluster.join();
  await first.supervisor.start();
  for (const liveId of ["1", "2", "3"]) await addLive(first, liveId);
  await second.supervisor.start();
  await cluster.pass(60_000, first, second);
  assert.equal(openCount(first), 3);
  assert.deepEqual(second.source.checked, []);
  for (const { status } of second.supervisor.all()) {
    assert.deepEqual([status.state, status.fault], ["waiting", "lease_held"]);
  }
  // From here on the first one does nothing any more.
  await cluster.pass(10_000, second);
  assert.equal(openCount(second), 0, "a lease that holds was taken");
  await cluster.pass(10_000, second);
  assert.equal(openCount(second), 3);
});

Deno.test("Supervisor that was asleep for a minute cuts its links, and leaves them with the one that has them now", async () => {
  await using cluster = await newCluster();
  const first = await cluster.join();
  const second = await cluster.join();
  await first.supervisor.start();
  await addLive(first);
  await second.supervisor.start();
  await cluster.pass(60_000, second);
  second.source.last.open();
  assert.equal(second.supervisor.status("1")?.state, "live");
  const { length } = first.source.connections;
  await cluster.pass(60_000, first);
  const { state, fault } = first.supervisor.status("1") ?? {};
  assert.deepEqual([state, fault], ["waiting", "lease_held"]);
  assert.deepEqual([openCount(first), openCount(second)], [0, 1]);
  assert.equal(first.source.connections.length, length);
});

Deno.test("Supervisor takes a link over at its next look once its owner has stopped", async () => {
  await using cluster = await newCluster();
  const first = await cluster.join();
  const second = await cluster.join();
  await first.supervisor.start();
  await addLive(first);
  await second.supervisor.start();
  await cluster.pass(10_000, first, second);
  const stopped = first.supervisor.stop();
  await cluster.settled(first);
  await stopped;
  await cluster.pass(6000, second);
  assert.deepEqual([openCount(first), openCount(second)], [0, 1]);
});

Deno.test("Supervisors that are asked for one room at once connect it once", async () => {
  await using cluster = await newCluster();
  const worlds = [await cluster.join(), await cluster.join()];
  for (const { supervisor } of worlds) await supervisor.start();
  await Promise.all(worlds.map(({ supervisor }) => supervisor.add("1")));
  await cluster.pass(30_000, ...worlds);
  const counts = worlds.map(openCount);
  assert.deepEqual(counts.toSorted(), [0, 1]);
});

/** Ends a process in order, and closes the file. */
async function stopAll(cluster: Cluster, world: World): Promise<void> {
  const stopped = world.supervisor.stop();
  await cluster.settled(world);
  await stopped;
  await cluster.close();
}

Deno.test("Supervisor has a link's statistics and history of before it was started again, for 24 h", async () => {
  await using cluster = await newCluster();
  const first = await cluster.join();
  await first.supervisor.start();
  await addLive(first);
  for (let time = 0; time < 3; time++) {
    first.source.last.say({ type: "gift", count: 2, data: { type: "gift" } });
    await cluster.pass(100_000, first);
    first.source.last.drop();
    await cluster.pass(5000, first);
    first.source.last.open();
  }
  await cluster.pass(5000, first);
  const before = first.supervisor.view("1");
  assert(before?.quality.score);
  assert.equal(before.stats.gifts, 6);
  await stopAll(cluster, first);
  const share = before.quality.parts.liveShare.value;
  const endedMs = first.clock.monotonic();
  for (const downMs of [1000, 23 * HOUR_MS, 25 * HOUR_MS]) {
    await cluster.open();
    const world = await cluster.join(endedMs + downMs);
    await world.supervisor.start();
    const after = world.supervisor.view("1");
    assert(after);
    assert.deepEqual(after.stats, before.stats);
    assert.equal(after.addedAt, before.addedAt);
    const isRecent = downMs < HOUR_MS;
    assert.equal(after.perMinute.some((count) => count > 0), isRecent);
    const { liveShare } = after.quality.parts;
    assert.equal(liveShare.value, downMs < 24 * HOUR_MS ? share : null);
    await stopAll(cluster, world);
  }
  await cluster.open();
});
