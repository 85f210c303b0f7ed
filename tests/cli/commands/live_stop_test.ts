import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const LINE = "POST /api/live/stop";
const BODY = { success: true, message: "已停止监听直播间 77" };

Deno.test("live stop lets a live room go", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "stop", "77"), {
    code: 0,
    out: "Live room 77 is not kept connected any more\n",
    err: "",
  });
  assert.deepEqual(api.seen, [
    { line: LINE, key: "the-operators-key", body: { live_id: "77" } },
  ]);
  const { out } = await cli.run("live", "stop", "77", "--json");
  assert.deepEqual(JSON.parse(out), BODY);
});

Deno.test("live stop says why it failed", async () => {
  const message = "停止失败: Storage is not available";
  const body = { success: false, message, code: "storage_unavailable" };
  await using api = new FakeApi({ [LINE]: { status: 503, body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "stop", "77"), {
    code: 1,
    out: "",
    err: `The server refused: ${message}\n`,
  });
});
