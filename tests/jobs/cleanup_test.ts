import assert from "node:assert/strict";
import { Cleanup, cleanupTask } from "../../src/jobs/cleanup.ts";
import { StoreError } from "../../src/store/store.ts";
import { MINUTE_MS, ReapWorld } from "./reap_world.ts";

/** A cleanup over rooms, and what it wrote down. */
function newCleanup() {
  const world = new ReapWorld();
  const written: string[][] = [];
  const counting = { count: 0, isFailing: false };
  const cleanup = new Cleanup({
    reaper: world.reaper,
    counts: () => {
      counting.count += 1;
      if (counting.isFailing) {
        return Promise.reject(new StoreError("io", "No database"));
      }
      const ended = world.ended.length;
      const active = world.live.length;
      return Promise.resolve({ active, ended, waiting: 4 });
    },
    idleMs: 10 * MINUTE_MS,
    file: {
      write: (lines) => {
        written.push(lines.map(({ level, text }) => `${level} ${text}`));
        return Promise.resolve();
      },
    },
    clock: world.clock,
    log: world.log,
  });
  return { world, written, counting, cleanup };
}

const NOT_FORCED = { force: false, dryRun: false };
const SIGNAL = new AbortController().signal;

Deno.test("Cleanup answers what was done, and counts rooms after it", async () => {
  const { cleanup, world } = newCleanup();
  world.open("idle");
  await world.clock.advance(10 * MINUTE_MS);
  world.open("new");
  const report = await cleanup.run(NOT_FORCED);
  assert.deepEqual(report.rooms.map(({ roomId }) => roomId), ["idle"]);
  assert.deepEqual(report.spared, { emptied_recently: 1 });
  assert.deepEqual(report.counts, { active: 1, ended: 1, waiting: 4 });
});

Deno.test("Cleanup writes down what an operator had done", async () => {
  const { cleanup, world, written } = newCleanup();
  world.open("idle");
  world.open("bug").refusal = new Error("no luck");
  await world.clock.advance(7 * MINUTE_MS);
  await cleanup.run({ ...NOT_FORCED, minutes: 7 });
  assert.deepEqual(written, [[
    "INFO 开始清理不活跃的聊天室（断开连接7分钟后清理）...",
    "INFO 已清理聊天室: idle",
    "ERROR 清理聊天室 bug 时出错: Internal error",
    "INFO 清理完成！",
    "INFO 本次清理: 1 个聊天室",
    "INFO 当前状态:",
    "INFO   - 活跃聊天室: 1",
    "INFO   - 已结束聊天室: 1",
    "INFO   - 等待匹配: 4",
  ]]);
});

Deno.test("Cleanup writes the whole block for an operator who found nothing", async () => {
  const { cleanup, written } = newCleanup();
  await cleanup.run(NOT_FORCED);
  assert.equal(written[0]?.length, 7);
  assert.match(written[0]?.[0] ?? "", /断开连接10分钟/);
});

Deno.test("Cleanup writes nothing down of a dry run", async () => {
  const { cleanup, world, written } = newCleanup();
  world.open("idle");
  const report = await cleanup.run({ force: true, dryRun: true });
  assert.equal(report.rooms.length, 1);
  assert.deepEqual([written, world.ended], [[], []]);
});

Deno.test("Cleanup writes down a run whose rooms could not be counted", async () => {
  const { cleanup, counting, world, written } = newCleanup();
  counting.isFailing = true;
  world.open("idle");
  const forced = { force: true, dryRun: false };
  await assert.rejects(cleanup.run(forced), StoreError);
  assert.deepEqual(written[0]?.slice(1), [
    "INFO 已清理聊天室: idle",
    "INFO 清理完成！",
    "INFO 本次清理: 1 个聊天室",
  ]);
});

Deno.test("Cleanup by the calendar says one line when there is nothing to do", async () => {
  const { cleanup, counting, world, written } = newCleanup();
  await world.clock.advance(2 * MINUTE_MS);
  await cleanup.runByCalendar(SIGNAL);
  assert.deepEqual(written, [["INFO 清理完成！本次清理: 0 个聊天室"]]);
  assert.equal(counting.count, 0);
});

Deno.test("Cleanup by the calendar writes down what it did", async () => {
  const { cleanup, world, written } = newCleanup();
  world.open("idle");
  await world.clock.advance(10 * MINUTE_MS);
  await cleanup.runByCalendar(SIGNAL);
  assert.deepEqual(world.ended, ["idle"]);
  assert.deepEqual(written[0]?.slice(0, 2), [
    "INFO 开始清理不活跃的聊天室（断开连接10分钟后清理）...",
    "INFO 已清理聊天室: idle",
  ]);
  assert.equal(written[0]?.length, 8);
});

Deno.test("Cleanup by the calendar waits for those whom a restart put out", async () => {
  const { cleanup, world, written } = newCleanup();
  const long = world.clock.now() - 60 * MINUTE_MS;
  world.open("idle").set({ createdAt: long, emptySinceAt: long });
  await world.clock.advance(2 * MINUTE_MS - 1);
  await cleanup.runByCalendar(SIGNAL);
  assert.deepEqual([world.ended, written], [[], []]);
  await world.clock.advance(1);
  await cleanup.runByCalendar(SIGNAL);
  assert.deepEqual(world.ended, ["idle"]);
});

Deno.test("Cleanup by the calendar goes without counts", async () => {
  const { cleanup, counting, world, written } = newCleanup();
  counting.isFailing = true;
  world.open("idle");
  await world.clock.advance(10 * MINUTE_MS);
  await cleanup.runByCalendar(SIGNAL);
  assert.equal(written[0]?.length, 4);
  assert.deepEqual(world.log.texts, [
    "info Reaped a room",
    "warn Cannot count the rooms after a cleanup",
  ]);
});

Deno.test("Cleanup by the calendar ends nothing once it is told to stop", async () => {
  const { cleanup, world } = newCleanup();
  world.open("idle");
  await world.clock.advance(10 * MINUTE_MS);
  await cleanup.runByCalendar(AbortSignal.abort());
  assert.deepEqual(world.ended, []);
});

Deno.test("cleanupTask runs every five minutes", async () => {
  const { cleanup, world } = newCleanup();
  world.open("idle");
  await world.clock.advance(10 * MINUTE_MS);
  const task = cleanupTask(cleanup);
  assert.deepEqual([task.name, task.intervalMs], ["reap", 5 * MINUTE_MS]);
  await task.run(SIGNAL);
  assert.deepEqual(world.ended, ["idle"]);
});
