import assert from "node:assert/strict";
import { deviceBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const BODY = {
  devices: [
    deviceBody(),
    deviceBody({ device_id: "d2", identity: "手机\x1b[2J", connections: 0 }),
  ],
  next: null,
};

Deno.test("devices list shows each device with its last room", async () => {
  await using api = new FakeApi({
    "GET /management/devices?limit=100": { body: BODY },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("devices", "list"), {
    code: 0,
    out: `\
DEVICE  IDENTITY     ROOM      CONNECTIONS  FIRST                LAST
d1      sensor       AB12CD34            2  2026-01-01 08:00:00  2026-01-01 08:01:00
d2      手机\\x1b[2J  AB12CD34            0  2026-01-01 08:00:00  2026-01-01 08:01:00
`,
    err: "",
  });
});

Deno.test("devices list asks for a page of a room and names the next", async () => {
  await using api = new FakeApi({
    "GET /management/devices?after=d0&room_id=r1&limit=2": {
      body: { ...BODY, next: "d2" },
    },
  });
  const cli = new FakeCli({ env: api.env });
  const { code, out, err } = await cli.run(
    ..."devices list --json --room r1 --limit 2 --after d0".split(" "),
  );
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), { ...BODY, next: "d2" });
  assert.equal(err, "There is more: --after d2\n");
});

Deno.test("devices list takes 1 to 1000 devices a page", async () => {
  await using api = new FakeApi({
    "GET /management/devices?limit=1000": { body: BODY },
  });
  const cli = new FakeCli({ env: api.env });
  const codeOf = async (limit: string) =>
    (await cli.run("devices", "list", "--limit", limit)).code;
  assert.deepEqual(
    [await codeOf("0"), await codeOf("1000"), await codeOf("1001")],
    [2, 0, 2],
  );
});
