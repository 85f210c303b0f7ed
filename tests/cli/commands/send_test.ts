import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

Deno.test("send says a system message", async () => {
  const body = { id: "i1", seq: 12 };
  await using api = new FakeApi({
    "POST /management/rooms/r1/messages": { body },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("send", "r1", "你好 all"), {
    code: 0,
    out: "Sent to room r1 as number 12\n",
    err: "",
  });
  assert.deepEqual(api.seen[0]?.body, { content: "你好 all" });
  const { out } = await cli.run("send", "r1", "x", "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("send takes one text, so that none is lost unnoticed", async () => {
  const { code } = await new FakeCli().run("send", "r1", "two", "words");
  assert.equal(code, 2);
});
