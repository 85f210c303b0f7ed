import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const LINE = "POST /api/live/a%2Fb/retry";

Deno.test("live retry has a live room connected now", async () => {
  const body = { success: true, state: "checking", message: "…" };
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "retry", "a/b"), {
    code: 0,
    out: "Trying live room a/b now: checking\n",
    err: "",
  });
  assert.equal(api.seen[0]?.key, "the-operators-key");
  const { out } = await cli.run("live", "retry", "a/b", "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("live retry says that a room is live already", async () => {
  const body = { success: true, state: "live", message: "…" };
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: api.env });
  const { out } = await cli.run("live", "retry", "a/b");
  assert.equal(out, "No change: live room a/b is live\n");
});

Deno.test("live retry fails for a room that nobody started", async () => {
  const message = "No such live room here";
  const body = {
    success: false,
    exists: false,
    code: "live_not_found",
    message,
  };
  await using api = new FakeApi({ [LINE]: { status: 404, body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("live", "retry", "a/b"), {
    code: 1,
    out: "",
    err: `The server refused: ${message}\n`,
  });
});
