// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { FakeApi, freeAddress } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const LINE = "POST /api/live/start";
const BODY = {
  success: true,
  message: "成功开始监听直播间 77",
  live_id: "77",
  state: "connecting",
};

Deno.test("live start has a live room kept connected", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "start", "77"), {
    code: 0,
    out: "Live room 77 is kept connected: connecting\n",
    err: "",
  });
  assert.deepEqual(api.seen, [
    { line: LINE, key: "the-operators-key", body: { live_id: "77" } },
  ]);
});

Deno.test("live start names the source that it is told", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env });
  const { code } = await cli.run("live", "start", "77", "--source", "demo");
  assert.equal(code, 0);
  assert.deepEqual(api.seen[0]?.body, { live_id: "77", source: "demo" });
});

Deno.test("live start --json prints the answer", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env });
  const { out } = await cli.run("live", "start", "77", "--json");
  assert.deepEqual(JSON.parse(out), BODY);
});

Deno.test("live start fails for a room that is not live, and says why", async () => {
  const message = "启动失败: 直播间未开播或已结束";
  const body = { success: false, message, code: "live_ended" };
  await using api = new FakeApi({ [LINE]: { status: 500, body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "start", "77"), {
    code: 1,
    out: "",
    err: `The server refused: ${message}\n`,
  });
});

Deno.test("live start says how to give the right key", async () => {
  const body = { success: false, message: "无效的用户令牌" };
  await using api = new FakeApi({ [LINE]: { status: 401, body } });
  const cli = new FakeCli({ env: api.env });
  const { code, err } = await cli.run("live", "start", "77");
  assert.equal(code, 1);
  assert.match(err, /^The server refused the key: /);
});

Deno.test("live start opens no file, which could keep nothing connected", async () => {
  const env = { BIND_ADDRESS: freeAddress(), DATABASE_URL: "sqlite:chat.db" };
  const cli = new FakeCli({ env });
  cli.files.addText("chat.db", "");
  const { code, err } = await cli.run("live", "start", "77");
  assert.equal(code, 1);
  assert.match(err, /^Cannot reach /);
});

Deno.test("live start wants an id", async () => {
  for (const words of [[], [""]]) {
    const { code } = await new FakeCli().run("live", "start", ...words);
    assert.equal(code, 2);
  }
});
