// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { roomDetailBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const FIELDS = `\
room          r1
name          Lobby
status        active
created       2026-01-01 08:00:00
ended         -
admins        ann
users         3 now, 10 at most
sessions      4
joins         44
last seq      120
last message  2026-01-01 08:00:01
bans          1
mutes         2
slow mode     the server's
max members   the server's
pinned        -
auto close    no
`;

Deno.test("rooms show prints a room's facts", async () => {
  await using api = new FakeApi({
    "GET /management/rooms/r1?members_limit=0": {
      body: roomDetailBody({ current_users: 3 }),
    },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("rooms", "show", "r1", "--members", "0"), {
    code: 0,
    out: FIELDS,
    err: "3 more members: --members\n",
  });
});

Deno.test("rooms show prints members and own settings", async () => {
  const member = {
    user_id: "ann",
    nickname: "小安",
    is_admin: true,
    is_muted: false,
    sessions: [
      { session_id: "s1", ip: "10.0.0.1", joined_at: START_AT },
      { session_id: "s2", ip: "::1", joined_at: START_AT + 5000 },
    ],
  };
  const settings = {
    name: "Lobby",
    slow_mode_secs: 5,
    max_members: 9,
    pinned: "hi\nthere",
  };
  await using api = new FakeApi({
    "GET /management/rooms/r1?members_limit=100": {
      body: roomDetailBody({ current_users: 1, members: [member], settings }),
    },
  });
  const { out, err } = await new FakeCli({ env: api.env })
    .run("rooms", "show", "r1");
  assert.equal(
    out.slice(out.indexOf("slow mode")),
    `\
slow mode     5 s
max members   9
pinned        hi\\nthere
auto close    no

USER  NICKNAME  ROLE   MUTED  FROM           JOINED
ann   小安      admin  no     10.0.0.1, ::1  2026-01-01 08:00:00
`,
  );
  assert.equal(err, "");
});

Deno.test("rooms show passes on that there is no such room", async () => {
  await using api = new FakeApi({
    "GET /management/rooms/a%2Fb?members_limit=100": {
      status: 404,
      body: { error: "Room a/b not found", code: "room_not_found" },
    },
  });
  assert.deepEqual(
    await new FakeCli({ env: api.env }).run("rooms", "show", "a/b"),
    { code: 1, out: "", err: "The server refused: Room a/b not found\n" },
  );
});
