// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";
import {
  countsBody,
  linkBody,
  linkDetailBody,
  statsBody,
  waitingBody,
} from "../../support/live_bodies.ts";

const LINE = "GET /api/live/status";

function listOf(connections: Record<string, unknown>) {
  const ids = Object.keys(connections);
  const count = ids.length;
  return { success: true, active_rooms: ids, count, connections };
}

const NONE = { current_viewers: null, total_viewers: null };
const BODY = listOf({
  "77": { ...linkBody(), ...countsBody() },
  "abc": {
    ...waitingBody({ live_id: "abc", quality: null }),
    ...countsBody(),
    stats: statsBody(NONE),
  },
});

Deno.test("live status shows how each link does", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "status"), {
    code: 0,
    out: `\
LIVE ID  SOURCE  STATE    QUALITY  MSGS/MIN  VIEWERS  WATCHING  RECONNECTS  FAULT          NEXT TRY
77       demo    live          98        20       12         3           0  -              -
abc      demo    waiting        -        20        -         3           3  closed (1006)  2026-01-01 08:00:08
`,
    err: "",
  });
});

Deno.test("live status tells an operator what each link warns of", async () => {
  const warning = "直播间 77 超过60秒未收到消息，可能连接异常\x1b[2J";
  const silent = linkBody({ state: "silent", warning });
  const body = listOf({ "77": { ...silent, ...countsBody() } });
  await using api = new FakeApi({ [LINE]: { body } });
  const { code, out, err } = await new FakeCli({ env: api.env })
    .run("live", "status");
  assert.equal(code, 0);
  assert.match(out, /\n77 +demo +silent /);
  assert.equal(
    err,
    "77: 直播间 77 超过60秒未收到消息，可能连接异常\\x1b[2J\n",
  );
});

Deno.test("live status --json prints what the server said, all of it", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env });
  const { out } = await cli.run("live", "status", "--json");
  assert.deepEqual(JSON.parse(out), BODY);
});

Deno.test("live status has titles only where nothing is kept connected", async () => {
  await using api = new FakeApi({ [LINE]: { body: listOf({}) } });
  const cli = new FakeCli({ env: api.env });
  const { code, out } = await cli.run("live", "status");
  assert.deepEqual([code, out.trimEnd().split("\n").length], [0, 1]);
});

const ONE = "GET /api/live/77";

Deno.test("live status of one room shows all about it, with its quality", async () => {
  const body = linkDetailBody(waitingBody({
    quality: linkDetailBody()["quality"],
    failing_since: START_AT - 60_000,
    warning: "直播间 77 超过60秒未收到消息，可能连接异常",
  }));
  await using api = new FakeApi({ [ONE]: { body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "status", "77"), {
    code: 0,
    out: `\
live id        77
source         demo
state          waiting
quality        98
fault          closed (1006)
warning        直播间 77 超过60秒未收到消息，可能连接异常
reconnects     3
next try       2026-01-01 08:00:08
failing since  2026-01-01 07:59:00
added          2026-01-01 07:00:00
last message   2026-01-01 08:00:00
room           r1
last seq       120
watching       3
viewers        12
in all         43.6万
this minute    20 messages
this hour      79 messages
messages       120
chats          30
gifts          4
likes          500
members        6
follows        2

QUALITY              VALUE  SCORE  WEIGHT
time live           98.8 %     99      50
reconnects an hour     0.3     98      20
longest silence     12.3 s    100      15
lag                      -      -      15
`,
    err: "",
  });
});

Deno.test("live status of one room --json prints what the server said", async () => {
  const body = linkDetailBody({ future_field: 1 });
  await using api = new FakeApi({ [ONE]: { body } });
  const cli = new FakeCli({ env: api.env });
  const { out } = await cli.run("live", "status", "77", "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("live status fails for a room that nobody started", async () => {
  const message = "No such live room here";
  const body = {
    success: false,
    exists: false,
    code: "live_not_found",
    message,
  };
  await using api = new FakeApi({ [ONE]: { status: 404, body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "status", "77"), {
    code: 1,
    out: "",
    err: `The server refused: ${message}\n`,
  });
});
