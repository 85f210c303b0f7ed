import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { folderName } from "../../src/upload/upload_folder.ts";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import { type MatchedPair, matchTwo } from "../support/chat_user.ts";
import { messageRecords } from "../support/records.ts";
import { SEED_VARIABLE, SeededRandom } from "../support/seeded_random.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { eventually, within } from "../support/within.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOTES = new TextEncoder().encode("Notes of ours");

/** Tables whose rows go with their room. */
const TABLES = ["log_entry", "session", "heart_link", "event"] as const;

/** A server with a file, that keeps ended rooms for some days. */
class PurgeWorld implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly server: CallbackWorld;

  constructor(settings: Record<string, string>) {
    this.server = new CallbackWorld({
      urls: ROOM_EVENTS,
      databaseFile: this.path,
      settings,
    });
  }

  static async start(days: number, settings = {}): Promise<PurgeWorld> {
    const world = new PurgeWorld({
      CLEANUP_RETENTION_DAYS: `${days}`,
      ...settings,
    });
    await world.server.begin();
    return world;
  }

  get path(): string {
    return this.folder.file("parlor.db");
  }

  /** What the job does in each new hour. */
  async purge(): Promise<void> {
    await this.server.app.runJob("room_purge");
    await this.server.quiet();
  }

  /** Lets time leap, and what is due soon after it happen. */
  async leap(ms: number): Promise<void> {
    await this.server.quiet();
    this.server.clock.leap(ms);
    await this.server.app.app.core.recorder.flushAll();
  }

  /** Two users match, write, and send a file. */
  async conversation(...userIds: [string, string]) {
    const pair = await matchTwo(this.server.app.url, ...userIds);
    const { people: [one], roomId } = pair;
    await using client = await one.enter(roomId);
    client.say("hello");
    await client.expectChat("hello");
    const fileUrl = await one.upload(roomId, NOTES);
    return { ...pair, fileUrl };
  }

  /** Ends a room as an operator does. */
  async end({ roomId }: Pick<MatchedPair, "roomId">): Promise<void> {
    await this.server.app.expectConnections(0);
    await this.server.app.idle();
    await this.server.api(`DELETE /management/rooms/${roomId}`);
  }

  /** How many rows there are of a room, in the order of {@linkcode TABLES}. */
  rows(roomId: string): number[] {
    using database = new DatabaseSync(this.path);
    return rowsOf(database, roomId);
  }

  hasFiles(roomId: string): boolean {
    return hasFolder(this.path, roomId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

function rowsOf(database: DatabaseSync, roomId: string): number[] {
  return TABLES.map((table) => {
    const sql = `SELECT count(*) AS n FROM ${table} WHERE room_id = ?`;
    return Number(database.prepare(sql).get(roomId)?.["n"]);
  });
}

function hasFolder(databaseFile: string, roomId: string): boolean {
  const root = `${databaseFile}.uploads`;
  const names = Array.from(Deno.readDirSync(root), ({ name }) => name);
  return names.includes(folderName(roomId));
}

Deno.test("An ended room is gone after CLEANUP_RETENTION_DAYS: messages, stays, requests, files", async () => {
  await using world = await PurgeWorld.start(3);
  const { server } = world;
  const old = await world.conversation("ann", "bob");
  await world.end(old);
  const kept = await world.conversation("cat", "dan");
  await server.quiet();
  await server.receiver.expectEvent("RoomClosed", old.roomId);
  await world.leap(3 * DAY_MS);
  await world.purge();
  // The match, two messages, the end; one stay; two requests.
  assert.deepEqual(world.rows(old.roomId).slice(0, 3), [4, 1, 2]);
  assert(world.hasFiles(old.roomId));
  await world.leap(HOUR_MS);
  await world.purge();
  assert.deepEqual(world.rows(old.roomId), [0, 0, 0, 0]);
  assert(!world.hasFiles(old.roomId));
  const { status } = await server.app.api(
    `GET /management/rooms/${old.roomId}`,
  );
  assert.equal(status, 404);
  const [ann] = old.people;
  assert.equal(await server.app.app.core.store.link("ann"), undefined);
  const file = await server.app.api(`GET ${old.fileUrl}`, {
    headers: ann.headers,
  });
  assert.equal(file.status, 404);
  // What goes on is kept whole, however old it is.
  assert.deepEqual(world.rows(kept.roomId).slice(0, 3), [3, 1, 2]);
  const [, dan] = kept.people;
  const still = await server.app.api(`GET ${kept.fileUrl}`, {
    headers: dan.headers,
  });
  assert.deepEqual([still.status, still.body], [200, "Notes of ours"]);
});

Deno.test("Without CLEANUP_RETENTION_DAYS no room is ever removed", async () => {
  await using world = await PurgeWorld.start(0);
  const old = await world.conversation("ann", "bob");
  await world.end(old);
  await world.server.quiet();
  await world.leap(5000 * DAY_MS);
  await world.purge();
  assert.deepEqual(world.rows(old.roomId).slice(0, 3), [4, 1, 2]);
  assert(world.hasFiles(old.roomId));
});

Deno.test("A room whose callbacks wait is kept until the backend has heard of it", async () => {
  await using world = await PurgeWorld.start(3);
  const { server } = world;
  const old = await world.conversation("ann", "bob");
  await server.quiet();
  server.receiver.failWith({ kind: "status", status: 503 });
  await world.end(old);
  await server.quiet();
  await world.leap(10 * DAY_MS);
  await world.purge();
  assert.equal(world.rows(old.roomId)[0], 4);
  assert(world.hasFiles(old.roomId));
  server.receiver.recover();
  const { roomId } = old;
  function isTold(): boolean {
    return server.typesOf(roomId).includes("RoomClosed");
  }
  await server.pass(isTold, { stepMs: 600_000, what: "RoomClosed" });
  await server.quiet();
  await world.leap(4 * DAY_MS);
  await world.purge();
  assert.deepEqual(world.rows(old.roomId), [0, 0, 0, 0]);
  assert(!world.hasFiles(old.roomId));
});

const ROOMS = 60;

/** Rows of a room: more than one transaction removes. */
const MESSAGES = 2500;

/** Removes old rooms in a process that is killed once some of them have gone. */
async function purgeUntilKilled(path: string, goneMin: number): Promise<void> {
  const program = new URL("../support/purge_program.ts", import.meta.url);
  const before = foldersOf(path);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-lock", program.pathname],
    env: {
      DATABASE_URL: `sqlite:${path}`,
      CLEANUP_RETENTION_DAYS: "1",
      NO_COLOR: "1",
    },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let hasEnded = false;
  const ending = child.status.then((status) => {
    hasEnded = true;
    return status;
  });
  await eventually(
    () => hasEnded || before - foldersOf(path) >= goneMin,
    { what: `the end of ${goneMin} rooms` },
  );
  if (!hasEnded) child.kill("SIGKILL");
  await within(ending, { what: "the end of the purge" });
}

function foldersOf(path: string): number {
  return [...Deno.readDirSync(`${path}.uploads`)].length;
}

/** A room is whole, or its files went first and its own row goes last. */
function assertInOrder(path: string, roomIds: readonly string[]): number {
  using database = new DatabaseSync(path);
  let left = 0;
  for (const roomId of roomIds) {
    const room = database.prepare("SELECT id FROM room WHERE id = ?");
    const isKnown = room.get(roomId) !== undefined;
    const rows = rowsOf(database, roomId);
    if (isKnown) left += 1;
    else assert.deepEqual(rows, [0, 0, 0, 0]);
    const [messages = 0] = rows;
    if (hasFolder(path, roomId)) assert(isKnown && messages > MESSAGES);
  }
  return left;
}

async function purgeWithKills(random: SeededRandom): Promise<void> {
  await using world = await PurgeWorld.start(0);
  const { server } = world;
  const { chat, store } = server.app.app.core;
  const kept = await world.conversation("ann", "bob");
  const roomIds: string[] = [];
  for (let count = 0; count < ROOMS; count++) {
    const roomId = await server.app.createRoom();
    await chat.uploads.keep(roomId, "file", NOTES);
    await server.api(`DELETE /management/rooms/${roomId}`);
    await store.apply(messageRecords(roomId, 100, 100 + MESSAGES));
    roomIds.push(roomId);
  }
  await server.quiet();
  await server.end();
  const { path } = world;
  let kills = 0;
  while (assertInOrder(path, roomIds) > 0) {
    await purgeUntilKilled(path, random.integer(1, 20));
    kills += 1;
  }
  assert(kills > 1, "every room went before a kill");
  assert.equal(foldersOf(path), 1);
  assert.deepEqual(world.rows(kept.roomId).slice(0, 3), [3, 1, 2]);
}

Deno.test("A purge that is killed again and again ends, and leaves no half of a room", async () => {
  const random = new SeededRandom();
  try {
    await purgeWithKills(random);
  } catch (error) {
    throw new Error(`With ${SEED_VARIABLE}=${random.seed}`, { cause: error });
  }
});
