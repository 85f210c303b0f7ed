import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const API = { "PUT /management/rooms/r1/admins": { status: 200 } };

Deno.test("admins set replaces the set", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("admins", "set", "r1", "ann", "小明"), {
    code: 0,
    out: "Admins of room r1: ann, 小明\n",
    err: "",
  });
  assert.deepEqual(api.seen[0]?.body, { admin_user_ids: ["ann", "小明"] });
});

Deno.test("admins set --none leaves nobody", async () => {
  await using api = new FakeApi(API);
  const { code } = await new FakeCli({ env: api.env })
    .run("admins", "set", "--none", "r1");
  assert.equal(code, 0);
  assert.deepEqual(api.seen[0]?.body, { admin_user_ids: [] });
});

Deno.test("admins set takes users or --none, and never neither or both", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  for (const args of [["r1"], ["--none", "r1", "ann"]]) {
    const { code, err } = await cli.run("admins", "set", ...args);
    assert.equal(code, 2);
    assert.equal(err, "Cannot set admins: want a user, or --none\n");
  }
  assert.equal((await cli.run("admins", "set")).code, 2);
  assert.deepEqual(api.seen, []);
});
