import assert from "node:assert/strict";
import { linkFields, statsFields } from "../../cli/live_answers.ts";
import { readLiveFrame } from "../../cli/live_frame.ts";
import { LiveView } from "../../cli/live_view.ts";
import { Report } from "../../cli/report.ts";
import { FakeCli } from "../support/fake_cli.ts";
import {
  linkBody,
  messageBody,
  statsBody,
  waitingBody,
} from "../support/live_bodies.ts";

const CLEAR = "\r\x1b[2K";
const LIVE = linkFields.parse(linkBody());
const WAITING = linkFields.parse(waitingBody());
const STATS = statsFields.parse(statsBody());

/** A view on a terminal, and what it wrote. */
function viewOf(isJson = false) {
  const cli = new FakeCli({ terminal: { columns: 40, rows: 24 } });
  const report = new Report(cli, isJson);
  return { cli, view: new LiveView(cli, { report, isJson }) };
}

Deno.test("LiveView says each state when it begins", async () => {
  const { cli, view } = viewOf();
  view.status(LIVE);
  await cli.clock.advance(5000);
  view.status(LIVE);
  view.status(WAITING);
  view.status(LIVE);
  assert.equal(
    cli.stdout.text,
    `\
2026-01-01 08:00:00  live
2026-01-01 08:00:05  waiting: closed (1006), attempt 3, next try 2026-01-01 08:00:08
2026-01-01 08:00:05  live
`,
  );
});

Deno.test("LiveView obeys nothing that a warning says", () => {
  const { cli, view } = viewOf();
  view.status({ ...LIVE, warning: "\x1b[2J\n" });
  assert.equal(cli.stdout.text, "2026-01-01 08:00:00  live: \\x1b[2J\\n\n");
});

Deno.test("LiveView tells a person beside the foot, not behind it", () => {
  const { cli, view } = viewOf();
  view.stats(STATS);
  const foot = "messages 120  chats 30  gifts 4  likes…";
  assert.equal(cli.stdout.take(), foot);
  view.note("Lost");
  assert.equal(cli.stdout.take(), CLEAR + foot);
  assert.equal(cli.stderr.take(), "Lost\n");
  view[Symbol.dispose]();
  assert.equal(cli.stdout.take(), CLEAR);
});

Deno.test("LiveView writes nothing for no items", () => {
  const { cli, view } = viewOf();
  view.stats(STATS);
  cli.stdout.take();
  view.items([]);
  assert.equal(cli.stdout.take(), "");
});

Deno.test("LiveView shows either frames or what they mean", () => {
  const heard = readLiveFrame(JSON.stringify(messageBody(3)));
  for (const isJson of [true, false]) {
    const { cli, view } = viewOf(isJson);
    view.frame(heard);
    const asJson = `${JSON.stringify(messageBody(3))}\n`;
    assert.equal(cli.stdout.take(), isJson ? asJson : "");
    assert(heard.frame?.type === "live_message");
    view.items([heard.frame]);
    view.status(LIVE);
    view.stats(STATS);
    assert.equal(cli.stdout.take() === "", isJson);
  }
});
