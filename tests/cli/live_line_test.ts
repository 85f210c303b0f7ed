import assert from "node:assert/strict";
import type { LiveItem } from "../../cli/live_frame.ts";
import { liveLine } from "../../cli/live_line.ts";
import { Report } from "../../cli/report.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { START_AT } from "../support/fake_clock.ts";

const HEAD = "2026-01-01 08:00:00  7  ";

/** The line as a pipe gets it, or a terminal that wide. */
function lineOf(
  data: LiveItem["data"],
  more: Partial<LiveItem> & { readonly columns?: number } = {},
): string {
  const { columns, ...changes } = more;
  const terminal = columns === undefined ? {} : {
    terminal: { columns, rows: 24 },
  };
  const cli = new FakeCli(terminal);
  const item = { seq: 7, at: START_AT, data, ...changes };
  return liveLine(item, new Report(cli, false), cli.stdout);
}

Deno.test("liveLine shows when, who and what", () => {
  const who = { "user_name": "小安", "user_id": "9007199254740993" };
  assert.equal(
    lineOf({ type: "chat", ...who, content: "你好" }),
    `${HEAD}chat 小安 (9007199254740993)  你好`,
  );
  assert.equal(
    lineOf({ type: "system", message: "be kind" }),
    `${HEAD}system  be kind`,
  );
});

Deno.test("liveLine says how many messages it stands for", () => {
  assert.equal(
    lineOf({ type: "like", count: 31, "user_name": "安" }, { conflated: 5 }),
    `${HEAD}like 安  ×31 in 5 messages`,
  );
});

Deno.test("liveLine obeys nothing that came from outside", () => {
  const nasty = "\x1b[2J\x9b\u202e\n";
  const lines = [
    lineOf({ type: nasty, text: nasty }),
    lineOf({ type: "chat", "user_name": nasty, content: nasty }),
    lineOf({ type: "gift", "gift_name": nasty, "gift_count": nasty }),
  ];
  for (const line of lines) {
    assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
    assert.match(line, /\[2J/);
  }
});

Deno.test("liveLine takes five rows of a terminal, and all of a pipe", () => {
  const data = { type: "chat", content: "x".repeat(10_000) };
  assert.equal(lineOf(data, { columns: 60 }).length, 300);
  assert(lineOf(data, { columns: 60 }).endsWith("x…"));
  assert(lineOf(data).endsWith(data.content));
});
