// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const ROWS = [
  { user_id: "bob", until: null, at: START_AT },
  { user_id: "小明", until: START_AT + 60_000, at: START_AT },
];

for (const noun of ["bans", "mutes"] as const) {
  const [done, undone] = noun === "bans"
    ? ["Banned", "Unbanned"]
    : ["Muted", "Unmuted"];

  Deno.test(`${noun} list shows who and until when`, async () => {
    const path = `/management/rooms/r1/${noun}?limit=1000&offset=0`;
    const body = { room_id: "r1", [noun]: ROWS, total: 2 };
    await using api = new FakeApi({ [`GET ${path}`]: { body } });
    const cli = new FakeCli({ env: api.env });
    assert.deepEqual(await cli.run(noun, "list", "r1"), {
      code: 0,
      out: `\
USER  UNTIL                SINCE
bob   for good             2026-01-01 08:00:00
小明  2026-01-01 08:01:00  2026-01-01 08:00:00
`,
      err: "",
    });
    const { out } = await cli.run(noun, "list", "r1", "--json");
    assert.deepEqual(JSON.parse(out), body);
  });

  Deno.test(`${noun} list says when there are more`, async () => {
    const path = `/management/rooms/r1/${noun}?limit=2&offset=4`;
    const body = { room_id: "r1", [noun]: ROWS, total: 7 };
    await using api = new FakeApi({ [`GET ${path}`]: { body } });
    const { err } = await new FakeCli({ env: api.env })
      .run(noun, "list", "r1", "--limit", "2", "--offset", "4");
    assert.equal(err, "6 of 7; more: --offset 6\n");
  });

  Deno.test(`${noun} add sets it for good, or for a time`, async () => {
    const line = `POST /management/rooms/r1/${noun}`;
    await using api = new FakeApi({ [line]: { body: { seq: 5 } } });
    const cli = new FakeCli({ env: api.env });
    const lasting = await cli.run(noun, "add", "r1", "bob");
    assert.equal(lasting.out, `${done} bob in room r1: for good\n`);
    const timed = await cli.run(noun, "add", "r1", "bob", "--for", "10m");
    assert.equal(timed.out, `${done} bob in room r1: 600 s\n`);
    assert.deepEqual(api.seen.map(({ body }) => body), [
      { user_id: "bob" },
      { user_id: "bob", duration_secs: 600 },
    ]);
  });

  Deno.test(`${noun} add says when nothing changed`, async () => {
    const line = `POST /management/rooms/r1/${noun}`;
    await using api = new FakeApi({ [line]: { body: { seq: null } } });
    const cli = new FakeCli({ env: api.env });
    const { code, out } = await cli.run(noun, "add", "r1", "bob");
    assert.equal(code, 0);
    assert.equal(out, "No change: bob already was so in room r1\n");
  });

  Deno.test(`${noun} add takes no time past the bound`, async () => {
    const cli = new FakeCli();
    const args = [noun, "add", "r1", "bob", "--for"];
    const { code, err } = await cli.run(...args, "315360001");
    assert.equal(code, 2);
    assert.match(err, /want at most 315360000 s/);
  });

  Deno.test(`${noun} remove takes it back`, async () => {
    const line = `DELETE /management/rooms/r1/${noun}/a%2Fb`;
    await using api = new FakeApi({ [line]: { status: 200 } });
    const { code, out } = await new FakeCli({ env: api.env })
      .run(noun, "remove", "r1", "a/b");
    assert.deepEqual([code, out], [0, `${undone} a/b in room r1\n`]);
  });
}
