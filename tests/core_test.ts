import assert from "node:assert/strict";
import { systemIds } from "../src/base/ids.ts";
import { nextTurn } from "../src/base/turn.ts";
import { readConfig } from "../src/config.ts";
import { type Core, type CoreOptions, openCore } from "../src/core.ts";
import { FakeClock } from "./support/fake_clock.ts";
import { RecordingLog } from "./support/recording_log.ts";
import { TempFolder } from "./support/temp_folder.ts";

const KEY = "a-key-for-the-core";

/** A core that stops with its test. */
interface TestCore extends AsyncDisposable {
  readonly core: Core;
  readonly clock: FakeClock;
  readonly log: RecordingLog;
  ask(line: string, body?: unknown): Promise<{
    status: number;
    body: Awaited<ReturnType<Response["json"]>>;
  }>;
}

async function newCore(
  settings: Record<string, string> = {},
  rest: Pick<CoreOptions, "isOffline"> = {},
): Promise<TestCore> {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const core = await openCore({
    config: readConfig(settings),
    adminApiKey: KEY,
    clock,
    ids: systemIds,
    yield: nextTurn,
    log,
    ...rest,
  });
  return {
    core,
    clock,
    log,
    ask: async (line, body) => {
      const [method = "", path = ""] = line.split(" ");
      const request = new Request(`http://core.test${path}`, {
        method,
        headers: { "X-Api-Key": KEY },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const response = await core.http(request);
      const text = await response.text();
      return {
        status: response.status,
        body: text.startsWith("{") || text.startsWith("[")
          ? JSON.parse(text)
          : text,
      };
    },
    [Symbol.asyncDispose]: () =>
      core.stop({ flushMsMax: 1000, callbackMsMax: 0 }),
  };
}

/** Makes a room and says something in it; answers its id. */
async function newRoom({ ask }: TestCore): Promise<string> {
  const spec = { "room_name": "Lounge", "admin_user_ids": ["admin"] };
  const { body } = await ask("POST /management/rooms", spec);
  const path = `/management/rooms/${body.room_id}/messages`;
  await ask(`POST ${path}`, { content: "hello" });
  return body.room_id;
}

Deno.test("openCore answers the management API, and keeps nothing in memory mode", async () => {
  await using one = await newCore();
  const roomId = await newRoom(one);
  const { body } = await one.ask(`GET /management/rooms/${roomId}`);
  assert.equal(body.last_seq, 1);
  const status = await one.ask("GET /management/status");
  assert.equal(status.body.durability, "memory");
  assert.equal(status.body.ready, true);
  await using other = await newCore();
  assert.deepEqual((await other.ask("GET /management/rooms")).body, []);
});

Deno.test("openCore brings back what a core left that was stopped", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let roomId: string;
  {
    await using one = await newCore(settings);
    roomId = await newRoom(one);
  }
  await using other = await newCore(settings);
  const path = `/management/rooms/${roomId}/messages`;
  const { body } = await other.ask(`GET ${path}`);
  assert.equal(body.entries[0].payload.message, "hello");
  assert(other.log.texts.includes("info Recovered rooms: 1"));
});

Deno.test("openCore brings back what a core left that died", async () => {
  using folder = new TempFolder();
  using image = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  await using one = await newCore(settings);
  const roomId = await newRoom(one);
  // What is on the disk now is what a dead process would leave.
  copyFolder(folder.path, image.path);
  assert.equal(one.core.recorder.pending.records, 2);
  await using other = await newCore({
    DATABASE_URL: `sqlite:${image.file("parlor.db")}`,
  });
  const actor = other.core.registry.get(roomId);
  assert.equal(actor?.state.lastSeq, 1);
  assert.equal(actor?.state.epoch, one.core.registry.get(roomId)?.state.epoch);
  assert.deepEqual([...actor?.state.adminUserIds ?? []], ["admin"]);
});

Deno.test("openCore lets events wait without URLs when it is offline alone", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  const url = { ROOM_EVENT_CALLBACK_URL: "http://backend.test/events" };
  await (await newCore({ ...settings, ...url }))[Symbol.asyncDispose]();
  const waiting = async (isOffline: boolean) => {
    await using one = await newCore(settings, { isOffline });
    await newRoom(one);
    await one.core.recorder.flushAll();
    const { body } = await one.ask("GET /management/callbacks");
    const rows: { endpoint: string; backlog: number }[] = body.endpoints;
    return rows.map((row) => [row.endpoint, row.backlog]);
  };
  assert.deepEqual(await waiting(false), []);
  assert.deepEqual(await waiting(true), [["room-events", 1]]);
});

function copyFolder(from: string, to: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    if (!isDirectory) {
      Deno.copyFileSync(source, target);
      continue;
    }
    Deno.mkdirSync(target);
    copyFolder(source, target);
  }
}

Deno.test("openCore refuses a database that another core holds", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  await using _one = await newCore(settings);
  await assert.rejects(newCore(settings), /another process holds it/);
});

Deno.test("openCore lets go of the database when the journal cannot be opened", async () => {
  using folder = new TempFolder();
  const DATABASE_URL = `sqlite:${folder.file("parlor.db")}`;
  Deno.writeTextFileSync(folder.file("file"), "");
  const JOURNAL_DIR = folder.file("file");
  await assert.rejects(newCore({ DATABASE_URL, JOURNAL_DIR }));
  await using one = await newCore({ DATABASE_URL });
  await newRoom(one);
});

Deno.test("Core.stop writes what is pending, and leaves no timer", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  const { core, clock, ...one } = await newCore(settings);
  await newRoom({ core, clock, ...one });
  assert.equal(core.recorder.pending.messages, 0);
  assert.equal(core.recorder.pending.records, 2);
  await core.stop({ flushMsMax: 1000, callbackMsMax: 0 });
  assert.equal(core.recorder.pending.records, 0);
  assert.equal(clock.armed, 0);
});

Deno.test("Core is not ready while it drains", async () => {
  await using one = await newCore();
  assert.equal((await one.ask("GET /health/ready")).status, 200);
  one.core.edge.isDraining = true;
  const { status, body } = await one.ask("GET /health/ready");
  assert.equal(status, 503);
  assert.deepEqual(body.reasons, ["draining"]);
});

Deno.test("Core reads its writes: a page sees what is not flushed yet", async () => {
  await using one = await newCore({ RESUME_MEMORY_ENTRIES: "0" });
  const roomId = await newRoom(one);
  assert(one.core.recorder.pending.records > 0);
  const path = `/management/rooms/${roomId}/messages`;
  const { body } = await one.ask(`GET ${path}`);
  assert.equal(body.entries.length, 1);
  const deleted = await one.ask(`DELETE ${path}/1`);
  // It is no chat message: the database is asked before the room.
  assert.equal(deleted.body.code, "message_not_found");
});

Deno.test("Core flushes a room's entries once it has ended", async () => {
  await using one = await newCore();
  const roomId = await newRoom(one);
  await one.ask(`DELETE /management/rooms/${roomId}`);
  assert.equal(one.core.registry.get(roomId), undefined);
  const { body } = await one.ask(`GET /management/rooms/${roomId}`);
  assert.equal(body.status, "ended");
  assert.equal(one.core.recorder.pending.records, 0);
});

Deno.test("Core streams a copy of the database, and leaves no file", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  await using one = await newCore(settings);
  await newRoom(one);
  const request = new Request("http://core.test/management/backup", {
    headers: { "X-Api-Key": KEY },
  });
  const response = await one.core.http(request);
  const bytes = await response.bytes();
  assert.equal(
    new TextDecoder().decode(bytes.subarray(0, 15)),
    "SQLite format 3",
  );
  const copies = folder.names().filter((name) => name.includes("copy"));
  assert.deepEqual(copies, []);
});
