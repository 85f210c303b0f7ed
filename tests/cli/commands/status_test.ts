import assert from "node:assert/strict";
import { statusBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

Deno.test("status shows how the server does", async () => {
  const body = statusBody({ ready: false, reasons: ["draining"] });
  await using api = new FakeApi({ "GET /management/status": { body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("status"), {
    code: 0,
    out: `\
server              ${api.url}
version             0.1.0
started             2026-01-01 08:00:00
up                  01:01:01
ready               no (draining)
draining            no
durability          journal
rooms               1
connections         4
joins               0
messages accepted   0
deliveries          0
deliveries dropped  0
frames in           0
frames out          0
refusals            0
pending messages    0
pending records     0
pending bytes       0
oldest pending      -
`,
    err: "",
  });
  const { out } = await cli.run("status", "--json");
  assert.deepEqual(JSON.parse(out), body);
});
