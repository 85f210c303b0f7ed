// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const ANSWER = { token: "aaa.bbb.ccc", expires_at: START_AT + 86_400_000 };
const API = { "POST /management/tokens": { body: ANSWER } };

Deno.test("token prints the token alone to stdout", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("token", "ann"), {
    code: 0,
    out: "aaa.bbb.ccc\n",
    err: "Good until 2026-01-02 08:00:00\n",
  });
  assert.deepEqual(api.seen[0]?.body, { user_id: "ann" });
});

Deno.test("token asks for every claim that was given", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  const flags = "--name 小安 --room r1 --room r2 --admin-of r1 --expires 2h";
  await cli.run("token", "ann", ...flags.split(" "));
  await cli.run("token", "ann", "--admin", "--json");
  assert.deepEqual(api.seen.map(({ body }) => body), [
    {
      user_id: "ann",
      name: "小安",
      rooms: ["r1", "r2"],
      admin: ["r1"],
      expires_in_secs: 7200,
    },
    { user_id: "ann", admin: true },
  ]);
});

Deno.test("token refuses claims that contradict, and too long a life", async () => {
  const both = await new FakeCli()
    .run("token", "ann", "--admin", "--admin-of", "r1");
  assert.equal(both.code, 2);
  const long = await new FakeCli().run("token", "ann", "--expires", "366d");
  assert.equal(long.code, 2);
  assert.match(long.err, /want at most 31536000 s/);
});
