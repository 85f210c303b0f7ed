import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { LeapingClock } from "../support/leaping_clock.ts";
import { type Json, LiveClient, liveUrl } from "../support/live_client.ts";
import {
  askLink,
  order,
  untilCounted,
  untilState,
} from "../support/live_process.ts";
import { startLiveUpstream } from "../support/live_upstream.ts";
import { chat, writeSources } from "../support/live_world.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** After how long a stopped room that nobody watches ends, in minutes. */
const TTL = 10;

/** From one run of the calendar to the next. */
const RUN_MS = 5 * MINUTE_MS;

/** A server with a database file, which may be started again. */
class RecycleWorld implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly upstream = startLiveUpstream();
  readonly clock = new LeapingClock();
  #app: TestApp | undefined;

  static async start(settings = {}): Promise<RecycleWorld> {
    const world = new RecycleWorld();
    await world.begin(settings);
    return world;
  }

  get app(): TestApp {
    assert(this.#app, "no server runs");
    return this.#app;
  }

  async begin(settings = {}): Promise<void> {
    this.#app = await newTestApp({
      DATABASE_URL: `sqlite:${this.folder.file("parlor.db")}`,
      LIVE_SOURCES_FILE: writeSources(this.folder, this.upstream),
      LIVE_DEFAULT_SOURCE: "demo",
      LIVE_PING_SECONDS: "0",
      LIVE_STALL_SECONDS: "0",
      LIVE_ROOM_TTL_MINUTES: `${TTL}`,
      ...settings,
    }, { clock: this.clock });
  }

  async end(): Promise<void> {
    const app = this.#app;
    this.#app = undefined;
    await app?.[Symbol.asyncDispose]();
  }

  /** Starts a live room that says one thing; answers its room. */
  async live(liveId: string): Promise<string> {
    const { url } = this.app;
    await order(url, "start", liveId);
    const connection = await this.upstream.connection(liveId);
    connection.send(chat(`hello from ${liveId}`));
    await untilCounted(url, liveId, 1);
    return (await untilState(url, liveId, "live")).room_id;
  }

  /** Lets time leap, and does what the calendar does each minute. */
  async reapAfter(ms: number): Promise<void> {
    await this.#settled();
    this.clock.leap(ms);
    await this.app.runJob("reap");
    await this.#settled();
  }

  /** Why a room stays, or `due`. */
  async reasonOf(roomId: string): Promise<string> {
    return (await this.explain(roomId)).reason;
  }

  async explain(roomId: string): Promise<Json> {
    const { body } = await this.app.api(`GET /management/cleanup/${roomId}`);
    return body;
  }

  isGoingOn(roomId: string): boolean {
    return this.app.app.core.registry.get(roomId) !== undefined;
  }

  /** How many rows of a table are about a room. */
  rowsOf(table: string, roomId: string): number {
    const file = this.folder.file("parlor.db");
    using database = new DatabaseSync(file, { readOnly: true });
    const query = `SELECT COUNT(*) AS count FROM ${table} WHERE room_id = ?`;
    return Number(database.prepare(query).get(roomId)?.["count"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.upstream[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }

  /** A flush that saw time leap would think that the database hangs. */
  async #settled(): Promise<void> {
    await this.app.idle();
    await this.app.app.core.recorder.flushAll();
  }
}

Deno.test("A stopped live room that nobody watches ends after LIVE_ROOM_TTL_MINUTES, a wanted one never", async () => {
  await using world = await RecycleWorld.start();
  const [wanted, stopped] = [await world.live("1"), await world.live("2")];
  await world.reapAfter(2 * TTL * MINUTE_MS);
  assert.equal(await world.reasonOf(stopped), "fed");
  await order(world.app.url, "stop", "2");
  // The time counts from the last message, and nobody ever watched.
  assert.equal(await world.reasonOf(stopped), "due");
  await world.reapAfter(RUN_MS);
  assert(!world.isGoingOn(stopped));
  const third = await world.live("3");
  await order(world.app.url, "stop", "3");
  await world.reapAfter(TTL * MINUTE_MS - 1);
  assert(world.isGoingOn(third));
  assert.equal(await world.reasonOf(third), "emptied_recently");
  await world.reapAfter(1);
  assert(!world.isGoingOn(third));
  assert(world.isGoingOn(wanted));
  assert.equal(await world.reasonOf(wanted), "fed");
  const { status } = await world.app.api("GET /api/live/3");
  assert.equal(status, 404, "a link without a room is known still");
});

Deno.test("A stopped live room stays while somebody watches it", async () => {
  await using world = await RecycleWorld.start();
  const roomId = await world.live("1");
  const viewer = await LiveClient.open(liveUrl(world.app.url, "1"));
  await order(world.app.url, "stop", "1");
  await viewer.expectState("stopped");
  await world.reapAfter(3 * TTL * MINUTE_MS);
  assert.equal(await world.reasonOf(roomId), "connected");
  await viewer.close();
  await world.app.expectConnections(0);
  await world.reapAfter(TTL * MINUTE_MS - 1);
  assert.equal(await world.reasonOf(roomId), "emptied_recently");
  await world.reapAfter(1);
  assert(!world.isGoingOn(roomId));
});

Deno.test("A live room that is over ends like a stopped one", async () => {
  await using world = await RecycleWorld.start();
  const roomId = await world.live("1");
  world.upstream.send("1", { type: "control", id: "end", status: "ended" });
  await untilState(world.app.url, "1", "ended");
  await world.reapAfter(TTL * MINUTE_MS);
  assert(!world.isGoingOn(roomId));
});

Deno.test("A room whose link was stopped before a restart ends after it, and a wanted one goes on", async () => {
  await using world = await RecycleWorld.start();
  const [wanted, stopped, over] = [
    await world.live("1"),
    await world.live("2"),
    await world.live("3"),
  ];
  await order(world.app.url, "stop", "2");
  world.upstream.send("3", { type: "control", id: "end", status: "ended" });
  await untilState(world.app.url, "3", "ended");
  await world.end();
  await world.begin();
  const reasons = [wanted, stopped, over].map((id) => world.reasonOf(id));
  assert.deepEqual(await Promise.all(reasons), [
    "fed",
    "emptied_recently",
    "emptied_recently",
  ]);
  await world.reapAfter(TTL * MINUTE_MS);
  assert.deepEqual(
    [wanted, stopped, over].map((id) => world.isGoingOn(id)),
    [true, false, false],
  );
});

Deno.test("LIVE_ROOM_TTL_MINUTES=0 keeps a stopped live room for ever", async () => {
  await using world = await RecycleWorld.start({ LIVE_ROOM_TTL_MINUTES: "0" });
  const roomId = await world.live("1");
  await order(world.app.url, "stop", "1");
  await world.reapAfter(30 * DAY_MS);
  assert(world.isGoingOn(roomId));
  const { minutes, reason } = await world.explain(roomId);
  assert.deepEqual([minutes, reason], [0, "auto_close_off"]);
});

Deno.test("What is known of a live room that has ended goes after CLEANUP_RETENTION_DAYS, and nothing of another", async () => {
  await using world = await RecycleWorld.start({ CLEANUP_RETENTION_DAYS: "2" });
  const [wanted, stopped] = [await world.live("1"), await world.live("2")];
  for (const liveId of ["1", "2"]) {
    const viewer = await LiveClient.open(liveUrl(world.app.url, liveId));
    await viewer.close();
  }
  await world.app.expectConnections(0);
  await order(world.app.url, "stop", "2");
  // What changed of a link is written at the next look.
  await world.clock.advance(RUN_MS);
  await world.reapAfter(TTL * MINUTE_MS);
  assert(!world.isGoingOn(stopped));
  const tables = ["log_entry", "session", "live_link"];
  const counts = (roomId: string) =>
    tables.map((table) => world.rowsOf(table, roomId) > 0);
  assert.deepEqual(counts(stopped), [true, true, false]);
  await world.reapAfter(DAY_MS);
  await world.app.runJob("room_purge");
  assert.deepEqual(counts(stopped), [true, true, false]);
  await world.reapAfter(2 * DAY_MS);
  await world.app.runJob("room_purge");
  assert.deepEqual(counts(stopped), [false, false, false]);
  assert.deepEqual(counts(wanted), [true, true, true]);
  const { status } = await world.app.api(`GET /management/rooms/${stopped}`);
  assert.equal(status, 404);
  assert.equal((await askLink(world.app.url, "1")).stats.messages, 1);
  // The live id is free: a start has a new room.
  assert.notEqual(await world.live("2"), stopped);
});

Deno.test("A live room that is started again while it waits for its end goes on in the same room", async () => {
  await using world = await RecycleWorld.start();
  const roomId = await world.live("1");
  const { epoch } = await askLink(world.app.url, "1");
  await order(world.app.url, "stop", "1");
  await world.reapAfter(TTL * MINUTE_MS - 1);
  await order(world.app.url, "start", "1");
  const connection = await world.upstream.connection("1");
  // The upstream says it again, and it is not kept again.
  connection.send(chat("hello from 1"));
  connection.send(chat("more"));
  await untilCounted(world.app.url, "1", 2);
  await world.reapAfter(2 * TTL * MINUTE_MS);
  const link = await askLink(world.app.url, "1");
  assert.deepEqual([link.room_id, link.epoch], [roomId, epoch]);
  assert.equal(link.last_seq, 2);
});
