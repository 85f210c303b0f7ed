import assert from "node:assert/strict";
import { type LogOptions, openLog, silentLog } from "../../src/base/log.ts";
import { FakeClock } from "../support/fake_clock.ts";

function newLog(overrides: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const write = (text: string) => lines.push(text) > 0;
  const clock = new FakeClock();
  const options = { level: "info", format: "json", colors: false } as const;
  return { lines, log: openLog({ ...options, clock, write, ...overrides }) };
}

Deno.test("openLog writes a line with its time, level, sentence and fields", () => {
  const { log, lines } = newLog();
  log.info("Flushed 50 messages to database", {
    event: "batch_flushed",
    count: 50,
  });
  assert.deepEqual(lines, [
    '{"time":"2026-01-01T00:00:00.000Z","level":"info","message":"Flushed 50 messages to database","event":"batch_flushed","count":50}\n',
  ]);
});

Deno.test("openLog writes nothing below its level", () => {
  const { log, lines } = newLog({ level: "warn" });
  log.debug("one");
  log.info("two");
  log.warn("three");
  log.error("four");
  const levels = lines.map((line) => JSON.parse(line).level);
  assert.deepEqual(levels, ["warn", "error"]);
});

Deno.test("openLog writes everything when its level is debug", () => {
  const { log, lines } = newLog({ level: "debug" });
  log.debug("one");
  log.error("two");
  assert.equal(lines.length, 2);
});

Deno.test("openLog gives two logs of one process their own level and writer", () => {
  const first = newLog({ level: "error" });
  const second = newLog({ level: "debug", format: "pretty" });
  first.log.info("to the first");
  second.log.info("to the second");
  assert.deepEqual(first.lines, []);
  assert.equal(second.lines.length, 1);
});

Deno.test("openLog counts lines that cannot be written and says so later", () => {
  const lines: string[] = [];
  let isOpen = false;
  const write = (text: string) => isOpen && lines.push(text) > 0;
  const { log } = newLog({ write });
  log.info("one");
  log.info("two");
  isOpen = true;
  log.info("three");
  log.info("four");
  const messages = lines.map((line) => JSON.parse(line).message);
  assert.deepEqual(messages, ["Lost 2 log lines", "three", "four"]);
});

Deno.test("openLog survives a writer that fails again while it reports", () => {
  const results = [false, true, false, true, true];
  const lines: string[] = [];
  const write = (text: string) => {
    const isWritten = results.shift() ?? true;
    if (isWritten) lines.push(JSON.parse(text).message);
    return isWritten;
  };
  const { log } = newLog({ write });
  log.info("one");
  log.info("two");
  log.info("three");
  assert.deepEqual(lines, ["Lost 1 log lines", "Lost 1 log lines", "three"]);
});

Deno.test("silentLog keeps nothing", () => {
  silentLog.debug("one");
  silentLog.info("two");
  silentLog.warn("three");
  assert.equal(silentLog.error("four"), undefined);
});
