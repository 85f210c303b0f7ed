// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const ANSWER = { room_id: "r9", websocket_url: "/ws/rooms/r9" };
const API = { "POST /management/rooms": { body: ANSWER } };

Deno.test("rooms create prints the room and where to connect", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  const { code, out } = await cli.run("rooms", "create", "大厅");
  const websocket = `${api.url.replace("http", "ws")}/ws/rooms/r9`;
  assert.equal(code, 0);
  assert.equal(out, `room       r9\nwebsocket  ${websocket}\n`);
  assert.deepEqual(api.seen[0]?.body, {
    room_name: "大厅",
    admin_user_ids: [],
  });
});

Deno.test("rooms create sends every setting that was given", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  const flags = "--admin ann --admin bob --slow-mode 0 --max-members 7 " +
    "--auto-close --json --pinned";
  const args = [...flags.split(" "), "be kind"];
  const { out } = await cli.run("rooms", "create", "x", ...args);
  assert.deepEqual(JSON.parse(out), ANSWER);
  assert.deepEqual(api.seen[0]?.body, {
    room_name: "x",
    admin_user_ids: ["ann", "bob"],
    slow_mode_secs: 0,
    max_members: 7,
    pinned: "be kind",
    auto_close: true,
  });
});
