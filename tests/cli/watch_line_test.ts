import assert from "node:assert/strict";
import { type EntryAnswer, historyAnswer } from "../../cli/answers.ts";
import { Report } from "../../cli/report.ts";
import { watchLine } from "../../cli/watch_line.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { entryFrame } from "../../src/wire/rooms_entry.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { START_AT } from "../support/fake_clock.ts";

const HEAD = "2026-01-01 08:00:00  7  ";

/** One of d1's entries, through the server's own encoding. */
function entryOf(
  said: Pick<LogEntry, "kind" | "payload">,
  actor: string | null = "d1",
): EntryAnswer {
  const head = { roomId: "r1", seq: 7, id: "i", at: START_AT, actor };
  const frame = entryFrame({ ...head, ...said } as LogEntry);
  const body = JSON.stringify({ entries: [frame], has_more: false });
  const [entry] = historyAnswer.parse(JSON.parse(body)).entries;
  assert(entry !== undefined);
  return entry;
}

interface Relay {
  readonly text?: string;
  readonly base64?: string;
  readonly to?: string;
  readonly identity?: string;
}

function relayOf(relay: Relay, actor?: string): EntryAnswer {
  const payload = { identity: "sensor", sessionId: "s1", ...relay };
  return entryOf({ kind: "relay", payload }, actor);
}

/** The line as a pipe gets it, or a terminal that wide. */
function lineOf(entry: EntryAnswer, columns?: number, isPlain = true): string {
  const terminal = columns === undefined ? {} : {
    terminal: { columns, rows: 24 },
  };
  const cli = new FakeCli(terminal);
  cli.stdout.isPlain = isPlain;
  return watchLine(entry, new Report(cli, false), cli.stdout);
}

Deno.test("watchLine shows who sent what, as it was sent", () => {
  const text = '{"a" : 1.50, "a":2}';
  assert.equal(
    lineOf(relayOf({ text })),
    `${HEAD}d1 (sensor)  ${text}`,
  );
  assert.equal(
    lineOf(relayOf({ text, identity: "d1" })),
    `${HEAD}d1  ${text}`,
  );
});

Deno.test("watchLine shows whom a direct message is for", () => {
  assert.equal(
    lineOf(relayOf({ text: "1", to: "d2" })),
    `${HEAD}d1 (sensor) → d2  1`,
  );
});

Deno.test("watchLine shows binary as hex", () => {
  assert.equal(
    lineOf(relayOf({ base64: "AQL/AA==" })),
    `${HEAD}d1 (sensor)  hex 4 bytes: 01 02 ff 00`,
  );
});

Deno.test("watchLine shows what else a log has", () => {
  assert.equal(
    lineOf(entryOf({ kind: "system", payload: { message: "be kind" } }, null)),
    `${HEAD}System  be kind`,
  );
  const payload = { eventType: "gift", payload: { n: 1 } };
  assert.equal(
    lineOf(entryOf({ kind: "custom_event", payload }, "backend")),
    `${HEAD}CustomEvent backend  gift {"n":1}`,
  );
});

Deno.test("watchLine colours JSON where colours are wanted, and only JSON", () => {
  const json = relayOf({ text: '{"a":1}' });
  assert.equal(
    lineOf(json, 80, false),
    `${HEAD}d1 (sensor)  {\x1b[36m"a"\x1b[39m:\x1b[33m1\x1b[39m}`,
  );
  assert.equal(lineOf(json, 80, true), `${HEAD}d1 (sensor)  {"a":1}`);
  assert.equal(lineOf(json, undefined, false).includes("\x1b"), false);
  const binary = relayOf({ base64: "AQ==" });
  assert.equal(lineOf(binary, 80, false).includes("\x1b"), false);
});

Deno.test("watchLine obeys nothing that a device sent", () => {
  const nasty = "\x1b[2J\x9b\u202e\n";
  const lines = [
    relayOf({ text: `"${nasty}"`, identity: nasty, to: nasty }, nasty),
    entryOf({ kind: "system", payload: { message: nasty } }),
  ].map((entry) => lineOf(entry));
  for (const line of lines) {
    assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
    assert.match(line, /\[2J/);
  }
});

Deno.test("watchLine cuts nothing in a pipe", () => {
  const text = `"${"x".repeat(100_000)}"`;
  assert(lineOf(relayOf({ text })).endsWith(`  ${text}`));
});

Deno.test("watchLine takes five rows of a terminal and no more", () => {
  const headCells = `${HEAD}d1 (sensor)  `.length;
  const lineWith = (cells: number) =>
    lineOf(relayOf({ text: "1".repeat(cells) }), 60);
  const room = 5 * 60 - headCells;
  assert.equal(lineWith(room).length, 300);
  assert(lineWith(room).endsWith("1"));
  assert.equal(lineWith(room + 1).length, 300);
  assert(lineWith(room + 1).endsWith("1…"));
  assert.equal(lineWith(2 ** 20).length, 300);
});

Deno.test("watchLine cuts before it colours, so that no colour is cut", () => {
  const line = lineOf(relayOf({ text: `["${"x".repeat(500)}"]` }), 60, false);
  assert(line.endsWith("x…\x1b[39m"));
});

Deno.test("watchLine leaves a message some cells behind a long name", () => {
  const entry = relayOf({ text: "1".repeat(99) }, "d".repeat(255));
  assert(lineOf(entry, 20).endsWith(`  ${"1".repeat(19)}…`));
});

Deno.test("watchLine marks what it did not measure as cut", () => {
  const text = `"${
    "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301"
      .repeat(260)
  }"`;
  assert(lineOf(relayOf({ text }), 60).endsWith("…"));
});
