// deno-lint-ignore-file camelcase -- The shapes are those of the wire.

import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const ENTRIES = [
  {
    type: "Message",
    payload: {
      from: "ann",
      nickname: "小安",
      content: "你好\x1b[31m",
      is_admin: false,
    },
    id: "i1",
    seq: 99,
    at: START_AT,
  },
  {
    type: "System",
    payload: { message: "be kind" },
    id: "i2",
    seq: 100,
    at: START_AT + 1000,
  },
];

function bodyOf(has_more: boolean) {
  return { room_id: "r1", entries: ENTRIES, has_more };
}

Deno.test("history shows the newest entries, oldest first", async () => {
  await using api = new FakeApi({
    "GET /management/rooms/r1/messages?limit=50": { body: bodyOf(false) },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("history", "r1"), {
    code: 0,
    out: `\
SEQ  TIME                 TYPE     WHO         WHAT
 99  2026-01-01 08:00:00  Message  小安 (ann)  你好\\x1b[31m
100  2026-01-01 08:00:01  System   -           be kind
`,
    err: "",
  });
});

Deno.test("history pages back and forth by number", async () => {
  await using api = new FakeApi({
    "GET /management/rooms/r1/messages?limit=2&before_seq=101": {
      body: bodyOf(true),
    },
    "GET /management/rooms/r1/messages?limit=50&after_seq=98": {
      body: bodyOf(true),
    },
  });
  const cli = new FakeCli({ env: api.env });
  const back = await cli.run(
    "history",
    "r1",
    "--limit",
    "2",
    "--before",
    "101",
  );
  assert.equal(back.err, "There is more: --before 99\n");
  const forth = await cli.run("history", "r1", "--after", "98");
  assert.equal(forth.err, "There is more: --after 100\n");
});

Deno.test("history --json prints the page as it came", async () => {
  await using api = new FakeApi({
    "GET /management/rooms/r1/messages?limit=50": { body: bodyOf(false) },
  });
  const cli = new FakeCli({ env: api.env });
  const { out } = await cli.run("history", "r1", "--json");
  assert.deepEqual(JSON.parse(out), bodyOf(false));
});

Deno.test("history goes one way at a time", async () => {
  const { code, err } = await new FakeCli()
    .run("history", "r1", "--before", "5", "--after", "1");
  assert.deepEqual(
    [code, err],
    [2, "Cannot take --before and --after together\n"],
  );
});
