import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const API = { "POST /management/flush": { body: { flushed: 42 } } };

Deno.test("flush writes everything, or one room", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("flush"), {
    code: 0,
    out: "Flushed 42 records\n",
    err: "",
  });
  const { out } = await cli.run("flush", "--room", "r1", "--json");
  assert.deepEqual(JSON.parse(out), { flushed: 42 });
  assert.deepEqual(api.seen.map(({ body }) => body), [{}, { room_id: "r1" }]);
});
