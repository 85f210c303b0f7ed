import assert from "node:assert/strict";
import { pendingBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

Deno.test("pending shows what is not in the database", async () => {
  const body = pendingBody({ messages: 3 });
  await using api = new FakeApi({ "GET /management/pending": { body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("pending"), {
    code: 0,
    out: `\
pending messages  3
pending records   0
pending bytes     0
oldest pending    -
`,
    err: "",
  });
  const { out } = await cli.run("pending", "--json");
  assert.deepEqual(JSON.parse(out), body);
});
