import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { CallbackWorld, ROOM_EVENTS } from "../support/callback_world.ts";
import {
  ChatUser,
  type MatchedPair,
  matchTwo,
  visit,
} from "../support/chat_user.ts";
import { freeAddress } from "../support/fake_api.ts";
import { runProgram, ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { TEST_KEY } from "../support/test_app.ts";

/** A server in a folder, and the program run as a command in it. */
class CleanupWorld implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly #world: CallbackWorld;
  #isRunning = false;

  constructor(settings: Record<string, string>) {
    this.#world = new CallbackWorld({
      urls: ROOM_EVENTS,
      databaseFile: this.folder.file("parlor.db"),
      settings,
    });
  }

  static async start(settings = {}): Promise<CleanupWorld> {
    const world = new CleanupWorld(settings);
    await world.server.begin();
    world.#isRunning = true;
    return world;
  }

  get server(): CallbackWorld {
    return this.#world;
  }

  /** Stops the server in order: its file is left. */
  async stop(): Promise<void> {
    await this.server.end();
    this.#isRunning = false;
  }

  /** Runs `cleanup …` in a process of its own. */
  async cleanup(...words: string[]) {
    const { app } = this.#isRunning ? this.server : { app: undefined };
    const env = {
      ADMIN_API_KEY: TEST_KEY,
      BIND_ADDRESS: freeAddress(),
      DATABASE_URL: "sqlite:parlor.db",
      TZ: "UTC",
      ...(app === undefined ? {} : { PARLOR_URL: app.url }),
    };
    const args = ["cleanup", ...words];
    return await runProgram({ cwd: this.folder.path, env, args });
  }

  /** The same as JSON; it must go well. */
  async cleanupJson(...words: string[]) {
    const { code, stderr, stdout } = await this.cleanup(...words, "--json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  }

  /** Two users match, enter and leave. */
  async pairThatLeft(...userIds: [string, string]): Promise<MatchedPair> {
    const pair = await matchTwo(this.server.app.url, ...userIds);
    await visit(pair);
    await this.server.app.idle();
    return pair;
  }

  /** The lines of `chat_cleanup.log`, without their times. */
  logLines(name = "chat_cleanup.log"): string[] {
    const text = Deno.readTextFileSync(this.folder.file(name));
    return text.trimEnd().split("\n").map((line) => {
      assert.match(line, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - /);
      return line.slice("2026-01-01 00:00:00,000 - ".length);
    });
  }

  /** What the file says of rooms, requests and what happened. */
  dump(): unknown[] {
    using database = new DatabaseSync(this.folder.file("parlor.db"));
    return ["room", "log_entry", "heart_link", "event", "session"].map(
      (table) => database.prepare(`SELECT * FROM ${table}`).all(),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

interface PlannedRoom {
  readonly "room_id": string;
}

function idsOf({ rooms }: { rooms: PlannedRoom[] }): string[] {
  return rooms.map(({ room_id: roomId }) => roomId);
}

Deno.test("cleanup --dry-run at a server writes nothing, and the run does just that", async () => {
  await using world = await CleanupWorld.start();
  const { server } = world;
  const one = await world.pairThatLeft("ann", "bob");
  await server.advanceTo(1);
  const two = await world.pairThatLeft("cat", "dan");
  await server.advanceTo(300);
  const recent = await world.pairThatLeft("eve", "fay");
  const busy = await matchTwo(server.app.url, "gus", "hal");
  await using _gus = await busy.people[0].enter(busy.roomId);
  await server.advanceTo(600);
  await server.advanceTo(660);
  const { seq: before } = await lastNumbers(server);
  const plan = await world.cleanupJson("--dry-run");
  assert.deepEqual(idsOf(plan), [one.roomId, two.roomId]);
  assert.deepEqual(plan.spared, { "emptied_recently": 1, connected: 1 });
  assert.equal(plan["next_due_in_ms"], 240_000);
  const shown = await world.cleanup("--dry-run");
  assert.equal(shown.code, 0);
  assert.equal(
    shown.stdout,
    `开始清理不活跃的聊天室（断开连接10分钟后清理）...
将要清理 2 个聊天室:
  - 聊天室 ${one.roomId} (创建时间: 2026-01-01 00:00:00)
  - 聊天室 ${two.roomId} (创建时间: 2026-01-01 00:00:01)
`,
  );
  assert.match(shown.stderr, new RegExp(`Room ${one.roomId} would end`));
  assert.match(shown.stderr, /1 room stays: somebody is connected/);
  assert.deepEqual(await lastNumbers(server), { seq: before, ended: 0 });
  assert(!world.folder.names().includes("chat_cleanup.log"));
  const done = await world.cleanupJson();
  assert.deepEqual(done.rooms, plan.rooms);
  assert.deepEqual(done.spared, plan.spared);
  assert.deepEqual(done.counts, { active: 2, ended: 2, waiting: 0 });
  await server.quiet();
  await server.receiver.expectEvent("RoomClosed", two.roomId);
  assert.equal(await one.people[0].linkStatus(), "expired");
  assert.equal(await recent.people[0].linkStatus(), "matched");
});

/** What a write would change: entries of all rooms, and rooms that ended. */
async function lastNumbers({ app }: CallbackWorld) {
  const { registry, store } = app.app.core;
  const seqs = [...registry.all()].map(({ state }) => state.lastSeq);
  const seq = seqs.reduce((sum, one) => sum + one, 0);
  return { seq, ended: (await store.counts()).ended };
}

Deno.test("cleanup ends with the seed's statistics, and writes each run down", async () => {
  await using world = await CleanupWorld.start();
  const { roomId } = await world.pairThatLeft("ann", "bob");
  const stays = await world.pairThatLeft("cat", "dan");
  await using _cat = await stays.people[0].enter(stays.roomId);
  const eve = await ChatUser.logIn(world.server.app.url, "eve");
  await eve.press();
  await world.server.advanceTo(599);
  const none = await world.cleanup();
  assert.equal(none.code, 0);
  const block = [
    "清理完成！",
    "本次清理: 0 个聊天室",
    "当前状态:",
    "  - 活跃聊天室: 2",
    "  - 已结束聊天室: 0",
    "  - 等待匹配: 1",
  ];
  const start = "开始清理不活跃的聊天室（断开连接10分钟后清理）...";
  assert.deepEqual(none.stdout.trimEnd().split("\n"), [start, ...block]);
  // Eve's room goes with her request, by itself.
  await world.server.advanceTo(601);
  const { stdout } = await world.cleanup();
  const lines = [
    start,
    `已清理聊天室: ${roomId}`,
    "清理完成！",
    "本次清理: 1 个聊天室",
    "当前状态:",
    "  - 活跃聊天室: 1",
    "  - 已结束聊天室: 2",
    "  - 等待匹配: 0",
  ];
  assert.deepEqual(stdout.trimEnd().split("\n"), lines);
  assert.deepEqual(
    world.logLines(),
    [start, ...block, ...lines].map((line) => `INFO - ${line}`),
  );
});

Deno.test("cleanup --minutes and --force lift the times and never put anybody out", async () => {
  await using world = await CleanupWorld.start();
  const { server } = world;
  const left = await world.pairThatLeft("ann", "bob");
  const here = await world.pairThatLeft("cat", "dan");
  await using cat = await here.people[0].enter(here.roomId);
  await server.advanceTo(299);
  const young = await world.cleanupJson("--minutes", "0");
  assert.deepEqual(young.rooms, []);
  assert.deepEqual(young.spared, { "too_young": 1, connected: 1 });
  await server.advanceTo(300);
  const longer = await world.cleanupJson("--minutes", "6", "--dry-run");
  assert.deepEqual(longer.rooms, []);
  const old = await world.cleanupJson("--minutes", "5", "--dry-run");
  assert.deepEqual(idsOf(old), [left.roomId]);
  const fresh = await world.pairThatLeft("eve", "fay");
  const forced = await world.cleanupJson("--force");
  assert.deepEqual(idsOf(forced), [left.roomId, fresh.roomId]);
  assert.deepEqual(forced.spared, { connected: 1 });
  cat.send("ping");
  await cat.expectFrame("pong");
});

Deno.test("cleanup goes by the server's minutes, whatever its own settings say", async () => {
  await using world = await CleanupWorld.start({ CLEANUP_MINUTES: "7" });
  const { roomId } = await world.pairThatLeft("ann", "bob");
  await world.server.advanceTo(419);
  const why = await world.cleanup("--explain", roomId);
  assert.match(why.stdout, /empty for less than 7 minutes$/m);
  await world.server.advanceTo(420);
  const { stdout } = await world.cleanup();
  assert.match(stdout, /^开始清理不活跃的聊天室（断开连接7分钟后清理）/);
  assert.match(stdout, new RegExp(`^已清理聊天室: ${roomId}$`, "m"));
});

Deno.test("cleanup --explain says of any room why it would go or not", async () => {
  await using world = await CleanupWorld.start();
  const { roomId } = await world.pairThatLeft("ann", "bob");
  await world.server.advanceTo(420);
  const soon = await world.cleanup("--explain", roomId);
  assert.equal(
    soon.stdout,
    `Room ${roomId} would not end now: empty for less than 10 minutes
status        active
connections   0
created       2026-01-01 00:00:00
empty since   2026-01-01 00:00:00
last message  -
ended         -
due           in 3 min, if nobody comes back; the server looks every 5 minutes
`,
  );
  const forced = await world.cleanup("--explain", roomId, "--force");
  assert.match(forced.stdout, /^Room \S+ would end now: nobody is connected/);
  await world.cleanup("--force");
  const gone = await world.cleanup("--explain", roomId);
  assert.match(gone.stdout, /^Room \S+ has ended already\nstatus +ended$/m);
  const unknown = await world.cleanup("--explain", "no-such-room");
  assert.deepEqual([unknown.code, unknown.stderr], [0, ""]);
  assert.match(
    unknown.stdout,
    /^There is no room no-such-room, or it was removed/,
  );
});

Deno.test("cleanup heart-links says what waits and what is matched", async () => {
  await using world = await CleanupWorld.start();
  const { server } = world;
  await matchTwo(server.app.url, "ann", "bob");
  await (await ChatUser.logIn(server.app.url, "eve")).press();
  assert.deepEqual(await world.cleanupJson("heart-links"), {
    expired: 0,
    pending: 1,
    matched: 2,
  });
  const { code, stdout } = await world.cleanup("heart-links", "--force");
  assert.equal(code, 0);
  assert.match(stdout, /^match rate +67%$/m);
});

Deno.test("cleanup heart-links lets go of old requests in the file, and no other command does", async () => {
  await using world = await CleanupWorld.start();
  const { server } = world;
  await matchTwo(server.app.url, "ann", "bob");
  await (await ChatUser.logIn(server.app.url, "eve")).press();
  await world.stop();
  const before = world.dump();
  assert.equal((await world.cleanup("--dry-run")).code, 0);
  assert.deepEqual(world.dump(), before);
  const swept = await world.cleanupJson("heart-links");
  assert.deepEqual(swept, { expired: 3, pending: 0, matched: 0 });
  const again = await world.cleanupJson("heart-links");
  assert.deepEqual(again, { expired: 0, pending: 0, matched: 0 });
});

Deno.test("cleanup works on the file when no server runs: the plan, the end, its log and callbacks", async () => {
  await using world = await CleanupWorld.start();
  const { server } = world;
  const { roomId } = await world.pairThatLeft("ann", "bob");
  await server.app.createRoom();
  await world.stop();
  const before = world.dump();
  const dry = await world.cleanup("--dry-run");
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(
    dry.stdout,
    new RegExp(`^将要清理 1 个聊天室:\n.*${roomId}`, "m"),
  );
  assert.match(dry.stderr, /^No server runs at .* working on /);
  assert.deepEqual(world.dump(), before);
  assert(!world.folder.names().includes("chat_cleanup.log"));
  const why = await world.cleanup("--explain", roomId);
  assert.match(why.stdout, /would end now: empty and silent for at least 10/);
  const done = await world.cleanup();
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /\n本次清理: 1 个聊天室\n当前状态:\n/);
  assert(world.logLines().includes(`INFO - 已清理聊天室: ${roomId}`));
  // The next server tells the backend what the command has done.
  await server.begin();
  await server.receiver.expectEvent("RoomClosed", roomId);
});

Deno.test("cleanup begins a new log when the old one is full", async () => {
  await using world = await CleanupWorld.start();
  await world.stop();
  const old = "2026-01-01 00:00:00,000 - INFO - x\n";
  const text = old.repeat(Math.ceil(2 ** 20 / old.length));
  Deno.writeTextFileSync(world.folder.file("chat_cleanup.log"), text);
  assert.equal((await world.cleanup()).code, 0);
  assert.equal(world.logLines().length, 7);
  assert.equal(
    Deno.readTextFileSync(world.folder.file("chat_cleanup.log.1")),
    text,
  );
});

Deno.test("cleanup fails by its exit code, and says why", async () => {
  await using world = await CleanupWorld.start();
  const { roomId } = await world.pairThatLeft("ann", "bob");
  const { registry } = world.server.app.app.core;
  const actor = registry.get(roomId);
  assert(actor);
  const { operate } = actor;
  actor.operate = () => Promise.reject(new Error("a bug of ours"));
  const failed = await world.cleanup("--force");
  actor.operate = operate;
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, new RegExp(`清理聊天室 ${roomId} 时出错: `));
  assert.match(failed.stderr, /Cannot clean up 1 room/);
  for (const words of [["--minutes", "x"], ["--nonsense"], ["what"]]) {
    const { code, stdout } = await world.cleanup(...words);
    assert.deepEqual([code, stdout], [2, ""], words.join(" "));
  }
  await world.stop();
  Deno.removeSync(world.folder.file("parlor.db"));
  const nothing = await world.cleanup();
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /parlor\.db does not exist/);
});

Deno.test("cleanup refuses a file that a server holds", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  await using server = await ServerProcess.start({ cwd });
  const env = {
    BIND_ADDRESS: freeAddress(),
    DATABASE_URL: "sqlite:parlor.db",
  };
  const args = ["cleanup"];
  const { code, stderr } = await runProgram({ cwd, env, args });
  assert.equal(code, 1);
  assert.match(stderr, /a server holds it; give its address with --url/);
  await server.stop();
});
