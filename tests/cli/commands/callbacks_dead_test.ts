// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const LETTER = {
  number: 7,
  id: "joined_s1",
  endpoint: "room-events",
  event_type: "UserJoined",
  room_id: "r1",
  at: START_AT,
  died_at: START_AT + 259_200_000,
  attempts: 80,
  error: "HTTP 500\nTry later",
};

Deno.test("callbacks dead lists what was given up, and why", async () => {
  const body = { dead: [LETTER], next: null };
  await using api = new FakeApi({
    "GET /management/callbacks/dead?limit=100": { body },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("callbacks", "dead"), {
    code: 0,
    out: `\
NUMBER  ENDPOINT     TYPE        ID         ROOM  HAPPENED             GIVEN UP             ATTEMPTS  ERROR
     7  room-events  UserJoined  joined_s1  r1    2026-01-01 08:00:00  2026-01-04 08:00:00        80  HTTP 500\\nTry later
`,
    err: "",
  });
  const { out } = await cli.run("callbacks", "dead", "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("callbacks dead asks for a page of an endpoint and names the next", async () => {
  const query = "endpoint=room-events&after=3&limit=1";
  await using api = new FakeApi({
    [`GET /management/callbacks/dead?${query}`]: {
      body: { dead: [LETTER], next: 7 },
    },
  });
  const words = "callbacks dead --endpoint room-events --limit 1 --after 3";
  const { code, err } = await new FakeCli({ env: api.env })
    .run(...words.split(" "));
  assert.deepEqual([code, err], [0, "There is more: --after 7\n"]);
});

Deno.test("callbacks dead refuses an endpoint and a limit that there are not", async () => {
  const cli = new FakeCli();
  const dead = (...flags: string[]) => cli.run("callbacks", "dead", ...flags);
  assert.equal((await dead("--endpoint", "chats")).code, 2);
  assert.equal((await dead("--limit", "1001")).code, 2);
});
