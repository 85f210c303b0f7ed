import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const LINE = "POST /management/cleanup/heart-links";

Deno.test("cleanup heart-links prints totals and the match rate", async () => {
  const body = { expired: 3, pending: 1, matched: 2 };
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: api.env });
  for (const flags of [[], ["--force"]]) {
    assert.deepEqual(await cli.run("cleanup", "heart-links", ...flags), {
      code: 0,
      out: `\
expired now  3
waiting      1
matched      2
match rate   67%
`,
      err: "",
    });
  }
  const { out } = await cli.run("cleanup", "heart-links", "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("cleanup heart-links has no rate where nobody asked", async () => {
  const body = { expired: 0, pending: 0, matched: 0 };
  await using api = new FakeApi({ [LINE]: { body } });
  const { out } = await new FakeCli({ env: api.env }).run(
    "cleanup",
    "heart-links",
  );
  assert.match(out, /\nmatch rate +-\n/);
});
