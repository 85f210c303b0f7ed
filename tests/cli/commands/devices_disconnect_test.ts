import assert from "node:assert/strict";
import { FakeApi, freeAddress } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const LINE = "POST /management/devices/d1/disconnect";

function bodyOf(disconnected: number) {
  return { device_id: "d1", disconnected };
}

Deno.test("devices disconnect says how many connections it ended", async () => {
  await using api = new FakeApi({});
  const cli = new FakeCli({ env: api.env });
  const outFor = async (disconnected: number) => {
    api.set(LINE, { body: bodyOf(disconnected) });
    return await cli.run("devices", "disconnect", "d1");
  };
  assert.deepEqual(await outFor(2), {
    code: 0,
    out: "Ended 2 connections of device d1\n",
    err: "",
  });
  assert.equal((await outFor(1)).out, "Ended 1 connection of device d1\n");
  assert.equal(
    (await outFor(0)).out,
    "No change: device d1 has no connection\n",
  );
});

Deno.test("devices disconnect --json prints the answer", async () => {
  const body = bodyOf(1);
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: api.env });
  const { out } = await cli.run("devices", "disconnect", "d1", "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("devices disconnect opens no file, where nobody is connected", async () => {
  const env = { BIND_ADDRESS: freeAddress(), DATABASE_URL: "sqlite:chat.db" };
  const cli = new FakeCli({ env });
  cli.files.addText("chat.db", "");
  const { code, err } = await cli.run("devices", "disconnect", "d1");
  assert.equal(code, 1);
  assert.match(err, /^Cannot reach /);
});
