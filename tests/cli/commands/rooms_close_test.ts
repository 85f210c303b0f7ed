import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const API = { "DELETE /management/rooms/r1": { status: 204 } };

Deno.test("rooms close ends a room", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("rooms", "close", "r1"), {
    code: 0,
    out: "Closed room r1\n",
    err: "",
  });
  const { out } = await cli.run("rooms", "close", "r1", "--json");
  assert.deepEqual(JSON.parse(out), { ok: true });
});

Deno.test("rooms close asks nobody when an unset variable left no id", async () => {
  await using api = new FakeApi(API);
  const { code } = await new FakeCli({ env: api.env })
    .run("rooms", "close", "");
  assert.equal(code, 2);
  assert.deepEqual(api.seen, []);
});
