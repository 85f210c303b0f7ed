import assert from "node:assert/strict";
import { CleanupFile, noCleanupLog } from "../../src/jobs/cleanup_log.ts";
import type { CleanupLine } from "../../src/jobs/cleanup_lines.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { TempFolder } from "../support/temp_folder.ts";

const NAME = "chat_cleanup.log";

function newFile(folder: TempFolder, name = NAME) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const path = folder.file(name);
  const timeZone = "Asia/Shanghai";
  const file = new CleanupFile({ path, clock, log, timeZone });
  return { clock, log, path, file };
}

function info(text: string): CleanupLine {
  return { level: "INFO", text };
}

Deno.test("CleanupFile writes lines as the reference system does", async () => {
  using folder = new TempFolder();
  const { clock, file, log, path } = newFile(folder);
  await file.write([info("清理完成！")]);
  await clock.advance(1007);
  await file.write([
    { level: "ERROR", text: "清理聊天室 r1 时出错: busy" },
    info("  - 活跃聊天室: 1"),
  ]);
  assert.equal(
    await Deno.readTextFile(path),
    `\
2026-01-01 08:00:00,000 - INFO - 清理完成！
2026-01-01 08:00:01,007 - ERROR - 清理聊天室 r1 时出错: busy
2026-01-01 08:00:01,007 - INFO -   - 活跃聊天室: 1
`,
  );
  assert.deepEqual(log.texts, []);
});

Deno.test("CleanupFile keeps runs apart that are written at once", async () => {
  using folder = new TempFolder();
  const { file, path } = newFile(folder);
  const runs = Array.from({ length: 20 }, (_, run) => {
    return Array.from({ length: 30 }, (_, line) => info(`${run}.${line}`));
  });
  await Promise.all(runs.map((lines) => file.write(lines)));
  const texts = (await Deno.readTextFile(path)).trimEnd().split("\n")
    .map((line) => line.split(" - ")[2]);
  assert.deepEqual(texts, runs.flat().map(({ text }) => text));
});

Deno.test("CleanupFile lets no room's id begin a line", async () => {
  using folder = new TempFolder();
  const { file, path } = newFile(folder);
  await file.write([info("已清理聊天室: a\n2026 - ERROR - b\u2028\x1b[2J")]);
  assert.equal(
    await Deno.readTextFile(path),
    "2026-01-01 08:00:00,000 - INFO - " +
      "已清理聊天室: a\\u000a2026 - ERROR - b\\u2028\\u001b[2J\n",
  );
});

Deno.test("CleanupFile begins a new file at 1 MiB, and keeps five old ones", async () => {
  using folder = new TempFolder();
  const { file } = newFile(folder);
  const half = [info("x".repeat(600_000))];
  for (let run = 0; run < 8; run++) await file.write(half);
  assert.deepEqual(folder.names(), [
    NAME,
    ...[1, 2, 3, 4, 5].map((index) => `${NAME}.${index}`),
  ]);
  const { size } = await Deno.stat(folder.file(NAME));
  assert(size < 1_048_576);
});

Deno.test("CleanupFile makes the file again that somebody removed", async () => {
  using folder = new TempFolder();
  const { file, path } = newFile(folder);
  await file.write([info("one")]);
  await Deno.remove(path);
  await file.write([info("two")]);
  assert.match(await Deno.readTextFile(path), /^.* - INFO - two\n$/);
});

Deno.test("CleanupFile tells once that it cannot write, and goes on", async () => {
  using folder = new TempFolder();
  const { file, log, path } = newFile(folder, "later/chat.log");
  await file.write([info("one")]);
  await file.write([info("two")]);
  assert.deepEqual(log.texts, ["warn Cannot write the cleanup log"]);
  await Deno.mkdir(folder.file("later"));
  await file.write([info("three")]);
  assert.match(await Deno.readTextFile(path), /three/);
  await Deno.remove(folder.file("later"), { recursive: true });
  await file.write([info("four")]);
  assert.equal(log.texts.length, 2);
});

Deno.test("noCleanupLog writes nothing", async () => {
  await noCleanupLog.write([info("one")]);
});
