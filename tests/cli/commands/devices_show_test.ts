// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { deviceBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const LIVE = {
  session_id: "s2",
  room_id: "AB12CD34",
  identity: "sensor",
  ip: "10.0.0.2",
  connected_at: START_AT + 60_000,
};
const STAY = {
  session_id: "s1",
  room_id: "ZZ99ZZ99",
  identity: "old sensor",
  client_ip: "::1",
  connected_at: START_AT,
  disconnected_at: START_AT + 1000,
  close_code: 1006,
};
const OPEN_STAY = { ...STAY, disconnected_at: null, close_code: null };

Deno.test("devices show prints a device, its connections and its past", async () => {
  const body = deviceBody({ live: [LIVE], history: [OPEN_STAY, STAY] });
  await using api = new FakeApi({
    "GET /management/devices/d1?limit=50": { body },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("devices", "show", "d1"), {
    code: 0,
    out: `\
device           d1
identity         sensor
room             AB12CD34
first connected  2026-01-01 08:00:00
last connected   2026-01-01 08:01:00
connections      2

open now:
SESSION  ROOM      IDENTITY  FROM      CONNECTED
s2       AB12CD34  sensor    10.0.0.2  2026-01-01 08:01:00

history:
ROOM      IDENTITY    FROM  CONNECTED            DISCONNECTED         CLOSE
ZZ99ZZ99  old sensor  ::1   2026-01-01 08:00:00  -                        -
ZZ99ZZ99  old sensor  ::1   2026-01-01 08:00:00  2026-01-01 08:00:01   1006
`,
    err: "",
  });
});

Deno.test("devices show leaves out what a device has not", async () => {
  const body = deviceBody({ connections: 0, live: [], history: [] });
  await using api = new FakeApi({
    "GET /management/devices/a%2Fb?limit=1": { body },
  });
  const cli = new FakeCli({ env: api.env });
  const { out } = await cli.run("devices", "show", "a/b", "--limit", "1");
  assert.equal(out.trimEnd().split("\n").length, 6);
});

Deno.test("devices show --json prints what the server said, all of it", async () => {
  const body = deviceBody({ live: [LIVE], history: [STAY], future_field: 1 });
  await using api = new FakeApi({
    "GET /management/devices/d1?limit=50": { body },
  });
  const cli = new FakeCli({ env: api.env });
  const { out } = await cli.run("devices", "show", "d1", "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("devices show fails for a device that nobody knows", async () => {
  await using api = new FakeApi({
    "GET /management/devices/no?limit=50": {
      status: 404,
      body: { error: "No such device", code: "device_not_found" },
    },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("devices", "show", "no"), {
    code: 1,
    out: "",
    err: "The server refused: No such device\n",
  });
});
