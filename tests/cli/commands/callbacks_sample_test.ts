import assert from "node:assert/strict";
import type { Fetch } from "../../../cli/http_transport.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const LINE = "POST /management/callbacks/test";
const URL_TEXT = "http://b.example/hook/";

Deno.test("callbacks test shows what came back, safely", async () => {
  const body = {
    ok: true,
    status: 200,
    error: "",
    milliseconds: 12,
    response: '{\r\n  "status": "\x1b[2Jsuccess"\n}\n',
  };
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("callbacks", "test", URL_TEXT), {
    code: 0,
    out: `\
status        200
milliseconds  12

{
  "status": "\\x1b[2Jsuccess"
}
`,
    err: "",
  });
  assert.deepEqual(api.seen[0]?.body, { url: URL_TEXT });
  const { out } = await cli.run("callbacks", "test", URL_TEXT, "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("callbacks test fails when the sample did not arrive", async () => {
  const body = {
    ok: false,
    status: null,
    error: "connection refused",
    milliseconds: 3,
    response: "",
  };
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("callbacks", "test", URL_TEXT), {
    code: 1,
    out: "status        -\nmilliseconds  3\n",
    err: "The sample did not arrive: connection refused\n",
  });
  const json = await cli.run("callbacks", "test", URL_TEXT, "--json");
  assert.equal(json.code, 1);
  assert.deepEqual(JSON.parse(json.out), body);
});

Deno.test("callbacks test waits longer than any delivery may take", async () => {
  const fetch: Fetch = (_url, { signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const cli = new FakeCli({ env: { PARLOR_URL: "http://far" }, fetch });
  const running = cli.run("callbacks", "test", URL_TEXT);
  await cli.clock.advance(600_000);
  assert.equal(cli.clock.armed, 1);
  await cli.clock.advance(30_000);
  assert.equal((await running).code, 1);
});

Deno.test("callbacks test wants the URL of a web server", async () => {
  for (const text of ["b.example", "ftp://b.example", ""]) {
    const { code, err } = await new FakeCli().run("callbacks", "test", text);
    assert.equal(code, 2, text);
    assert.match(err, /want a URL that begins with http:/);
  }
});
