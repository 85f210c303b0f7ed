// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { FakeApi, freeAddress } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const LINE = "POST /management/cleanup";
const MINUTE_MS = 60_000;
const COUNTS = { active: 5, ended: 9, waiting: 1 };
const ROOMS = [
  {
    room_id: "r1",
    created_at: START_AT / 1000,
    empty_since_at: START_AT - 20 * MINUTE_MS,
  },
  {
    room_id: "r2",
    created_at: START_AT / 1000 + 60,
    empty_since_at: START_AT - 180 * MINUTE_MS,
  },
];
const REPORT = {
  minutes: 10,
  rooms: ROOMS,
  spared: { connected: 2, emptied_recently: 1 },
  next_due_in_ms: 3 * MINUTE_MS,
  counts: COUNTS,
};

Deno.test("cleanup prints the reference system's lines", async () => {
  await using api = new FakeApi({ [LINE]: { body: REPORT } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("cleanup"), {
    code: 0,
    out: `\
开始清理不活跃的聊天室（断开连接10分钟后清理）...
已清理聊天室: r1
已清理聊天室: r2
清理完成！
本次清理: 2 个聊天室
当前状态:
  - 活跃聊天室: 5
  - 已结束聊天室: 9
  - 等待匹配: 1
`,
    err: `\
Ended 2 rooms; messages are kept
2 rooms stay: somebody is connected
1 room stays: empty for less than 10 minutes
The next one is due in 3 min; the server looks every 5 minutes
`,
  });
  // How long is the server's to say.
  assert.deepEqual(api.seen[0]?.body, {
    force: false,
    dry_run: false,
  });
});

Deno.test("cleanup --dry-run prints the plan, and beside it what it means", async () => {
  const body = { ...REPORT, minutes: 3 };
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: api.env });
  const args = ["--dry-run", "--force", "--minutes", "3"];
  assert.deepEqual(await cli.run("cleanup", ...args), {
    code: 0,
    out: `\
开始清理不活跃的聊天室（断开连接3分钟后清理）...
将要清理 2 个聊天室:
  - 聊天室 r1 (创建时间: 2026-01-01 08:00:00)
  - 聊天室 r2 (创建时间: 2026-01-01 08:01:00)
`,
    err: `\
Room r1 would end: nobody has been in it since 2026-01-01 07:40:00 (20 min)
Room r2 would end: nobody has been in it since 2026-01-01 05:00:00 (3 h)
2 rooms stay: somebody is connected
1 room stays: empty for less than 3 minutes
The next one is due in 3 min; the server looks every 5 minutes
Nothing was changed. Without --dry-run these rooms end; their messages are kept
`,
  });
  assert.deepEqual(api.seen[0]?.body, {
    minutes: 3,
    force: true,
    dry_run: true,
  });
});

Deno.test("cleanup --dry-run says when there is nothing to do", async () => {
  const none = { minutes: 7, rooms: [], spared: {}, next_due_in_ms: null };
  const body = { ...REPORT, ...none };
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: { ...api.env, CLEANUP_MINUTES: "3" } });
  assert.deepEqual(await cli.run("cleanup", "--dry-run"), {
    code: 0,
    out:
      "开始清理不活跃的聊天室（断开连接7分钟后清理）...\n将要清理 0 个聊天室:\n",
    err: "No room would end. To learn why one stays: --explain ROOM\n",
  });
});

Deno.test("cleanup fails when a room could not be ended, after all others", async () => {
  const [first, second] = ROOMS;
  const rooms = [{ ...first, error: "disk full" }, second];
  await using api = new FakeApi({ [LINE]: { body: { ...REPORT, rooms } } });
  const { code, out, err } = await new FakeCli({ env: api.env }).run("cleanup");
  assert.equal(code, 1);
  assert.match(out, /\n清理聊天室 r1 时出错: disk full\n已清理聊天室: r2\n/);
  assert.match(out, /\n本次清理: 1 个聊天室\n/);
  assert.match(err, /^Ended 1 room; .*\nCannot clean up 1 room\n$/s);
});

Deno.test("cleanup --json prints JSON and nothing else", async () => {
  await using api = new FakeApi({ [LINE]: { body: REPORT } });
  const cli = new FakeCli({ env: api.env });
  for (const flags of [["--json"], ["--json", "--dry-run"]]) {
    const { out, err } = await cli.run("cleanup", ...flags);
    assert.deepEqual(JSON.parse(out), REPORT);
    assert.equal(err, "");
  }
});

Deno.test("cleanup works on the file when no server runs", async () => {
  const done: string[] = [];
  const cli = new FakeCli({
    env: { BIND_ADDRESS: freeAddress(), DATABASE_URL: "sqlite:chat.db" },
    openOffline: () =>
      Promise.resolve({
        request: (method, path) => {
          done.push(`${method} ${path}`);
          return Promise.resolve(Response.json(REPORT));
        },
        close: () => Promise.resolve(void done.push("close")),
      }),
  });
  cli.files.addText("chat.db", "");
  const { code, out, err } = await cli.run("cleanup");
  assert.equal(code, 0);
  assert.match(out, /已清理聊天室: r1/);
  assert.match(err, /^No server runs at .*: working on chat\.db itself\n/);
  assert.deepEqual(done, [LINE, "close"]);
});

const EXPLANATION = {
  minutes: 10,
  room_id: "r1",
  would_end: false,
  reason: "emptied_recently",
  due_in_ms: 3 * MINUTE_MS,
  status: "active",
  created_at: START_AT / 1000,
  empty_since_at: START_AT,
  last_message_at: null,
  ended_at: null,
  connections: 0,
};

/** What `cleanup --explain r1` prints of an explanation. */
async function explain(
  change: Partial<Record<keyof typeof EXPLANATION, unknown>>,
  ...flags: string[]
): Promise<string> {
  const force = flags.includes("--force");
  await using api = new FakeApi({
    [`GET /management/cleanup/r1?force=${force}`]: {
      body: { ...EXPLANATION, ...change },
    },
  });
  const cli = new FakeCli({ env: api.env });
  const { code, out, err } = await cli.run(
    "cleanup",
    "--explain",
    "r1",
    ...flags,
  );
  assert.deepEqual([code, err], [0, ""]);
  return out;
}

Deno.test("cleanup --explain says why a room would not end", async () => {
  assert.equal(
    await explain({}),
    `\
Room r1 would not end now: empty for less than 10 minutes
status        active
connections   0
created       2026-01-01 08:00:00
empty since   2026-01-01 08:00:00
last message  -
ended         -
due           in 3 min, if nobody comes back; the server looks every 5 minutes
`,
  );
});

Deno.test("cleanup --explain speaks of one minute and of more", async () => {
  await using api = new FakeApi({
    "GET /management/cleanup/r1?minutes=1&force=false": {
      body: { ...EXPLANATION, minutes: 1 },
    },
  });
  const cli = new FakeCli({ env: api.env });
  const words = ["cleanup", "--explain", "r1", "--minutes", "1"];
  assert.match((await cli.run(...words)).out, /less than 1 minute\n/);
});

Deno.test("cleanup --explain has words for every reason", async () => {
  const reasons: [reason: string, text: RegExp][] = [
    ["waiting", /waits for somebody to be matched/],
    ["auto_close_off", /without auto_close/],
    ["pinned", /pinned notice/],
    ["connected", /somebody is connected/],
    ["too_young", /younger than 5 minutes/],
    ["spoken_recently", /less than 10 minutes old/],
    ["busy", /just joining or writing/],
    ["ended", /ended already/],
    ["a_new_one", /: a_new_one\n/],
  ];
  for (const [reason, text] of reasons) {
    const out = await explain({ reason, due_in_ms: null });
    assert.match(out, /^Room r1 would not end now: /);
    assert.match(out, text);
    assert.match(out, /\ndue +only once that changes\n/);
  }
});

Deno.test("cleanup --explain says why a room would end", async () => {
  const due = { would_end: true, reason: "due", due_in_ms: 0 };
  assert.match(
    await explain(due),
    /^Room r1 would end now: empty and silent for at least 10 minutes\n/,
  );
  assert.match(await explain(due, "--force"), /now: .*--force ignores/);
  assert.match(await explain(due), /\ndue +now\n/);
});

Deno.test("cleanup --explain says of a room that it has ended, or that there is none", async () => {
  const over = { reason: "ended", status: "ended", due_in_ms: null };
  const ended = await explain(over);
  assert.match(ended, /^Room r1 has ended already\nstatus /);
  assert.match(ended, /\ndue +-\n$/);
  const out = await explain({ status: null, reason: "unknown" });
  assert.equal(
    out,
    "There is no room r1, or it was removed after its end\n",
  );
});

Deno.test("cleanup --explain --json prints what the server said", async () => {
  assert.deepEqual(JSON.parse(await explain({}, "--json")), EXPLANATION);
});
