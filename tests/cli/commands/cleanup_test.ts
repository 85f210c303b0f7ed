import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const LINE = "POST /management/cleanup";
const COUNTS = { active: 5, ended: 9, waiting: 1 };
const ROOMS = [
  { room_id: "r1", created_at: START_AT / 1000 },
  { room_id: "r2", created_at: START_AT / 1000 + 60 },
];

Deno.test("cleanup prints the reference system's lines", async () => {
  await using api = new FakeApi({
    [LINE]: { body: { rooms: ROOMS, counts: COUNTS } },
  });
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
    err: "",
  });
  assert.deepEqual(api.seen[0]?.body, {
    minutes: 10,
    force: false,
    dry_run: false,
  });
});

Deno.test("cleanup --dry-run prints the plan only", async () => {
  await using api = new FakeApi({
    [LINE]: { body: { rooms: ROOMS, counts: COUNTS } },
  });
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
    err: "",
  });
  assert.deepEqual(api.seen[0]?.body, {
    minutes: 3,
    force: true,
    dry_run: true,
  });
});

Deno.test("cleanup takes its minutes from CLEANUP_MINUTES", async () => {
  await using api = new FakeApi({
    [LINE]: { body: { rooms: [], counts: COUNTS } },
  });
  const cli = new FakeCli({ env: { ...api.env, CLEANUP_MINUTES: "7" } });
  const { out } = await cli.run("cleanup", "--dry-run");
  assert.equal(
    out,
    "开始清理不活跃的聊天室（断开连接7分钟后清理）...\n将要清理 0 个聊天室:\n",
  );
});

Deno.test("cleanup fails when a room could not be ended, after all others", async () => {
  const [first, second] = ROOMS;
  const rooms = [{ ...first, error: "disk full" }, second];
  await using api = new FakeApi({
    [LINE]: { body: { rooms, counts: COUNTS } },
  });
  const { code, out, err } = await new FakeCli({ env: api.env }).run("cleanup");
  assert.equal(code, 1);
  assert.match(out, /\n清理聊天室 r1 时出错: disk full\n已清理聊天室: r2\n/);
  assert.match(out, /\n本次清理: 1 个聊天室\n/);
  assert.equal(err, "Cannot clean up 1 rooms\n");
});

Deno.test("cleanup --json prints JSON and nothing else", async () => {
  const body = { rooms: ROOMS, counts: COUNTS };
  await using api = new FakeApi({ [LINE]: { body } });
  const { out } = await new FakeCli({ env: api.env }).run("cleanup", "--json");
  assert.deepEqual(JSON.parse(out), body);
});
