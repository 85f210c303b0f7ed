import assert from "node:assert/strict";
import { roomBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const BODY = [
  roomBody({ room_name: "大厅", future_field: 1 }),
  roomBody({
    room_id: "room-two",
    room_name: "👨‍👩‍👧 \x1b[2J",
    admin_user_ids: [],
    current_users: 1000,
  }),
];
const API = { "GET /management/rooms": { body: BODY } };

Deno.test("rooms list aligns names of any script", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("rooms", "list"), {
    code: 0,
    out: `\
ROOM      NAME        USERS  PEAK  JOINS  CREATED              ADMINS
r1        大厅            3    10     44  2026-01-01 08:00:00  ann
room-two  👨‍👩‍👧 \\x1b[2J   1000    10     44  2026-01-01 08:00:00
`,
    err: "",
  });
});

Deno.test("rooms list fits the terminal", async () => {
  await using api = new FakeApi({
    "GET /management/rooms": {
      body: [roomBody({ room_name: "大厅".repeat(30) })],
    },
  });
  const cli = new FakeCli({
    env: api.env,
    terminal: { columns: 70, rows: 24 },
  });
  const { out } = await cli.run("rooms", "list");
  assert.equal(
    out,
    `\
ROOM  NAME             USERS  PEAK  JOINS  CREATED              ADMINS
r1    大厅大厅大厅大…      3    10     44  2026-01-01 08:00:00  ann
`,
  );
});

Deno.test("rooms list --json prints what the server said, all of it", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  const { code, out } = await cli.run("rooms", "list", "--json");
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), BODY);
});

Deno.test("rooms list --all pages through ended rooms too", async () => {
  const ended = roomBody({ status: "ended", end_time: START_AT / 1000 + 60 });
  await using api = new FakeApi({
    "GET /management/rooms?ended=true&limit=2&offset=4": {
      body: [ended, roomBody({ status: "active", end_time: null })],
    },
  });
  const cli = new FakeCli({ env: api.env });
  const args = ["--all", "--limit", "2", "--offset", "4"];
  assert.deepEqual(await cli.run("rooms", "list", ...args), {
    code: 0,
    out: `\
ROOM  NAME   USERS  PEAK  JOINS  CREATED              ADMINS  STATUS  ENDED
r1    Lobby      3    10     44  2026-01-01 08:00:00  ann     ended   2026-01-01 08:01:00
r1    Lobby      3    10     44  2026-01-01 08:00:00  ann     active  -
`,
    err: "There may be more: --offset 6\n",
  });
});

Deno.test("rooms list fails on a server of another version", async () => {
  await using api = new FakeApi({
    "GET /management/rooms": { body: [{ id: "r1" }] },
  });
  const { code, out, err } = await new FakeCli({ env: api.env })
    .run("rooms", "list");
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /^Cannot understand the answer .* of another version/);
});
