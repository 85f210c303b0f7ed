import assert from "node:assert/strict";
import { endpointBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

const LINE = "GET /management/callbacks";

Deno.test("callbacks status shows what waits and what failed", async () => {
  const body = {
    endpoints: [
      endpointBody({ last_success_at: START_AT }),
      endpointBody({
        endpoint: "chat-history",
        breaker: "open",
        held_until: START_AT + 60_000,
        backlog: 1200,
        oldest_age_seconds: 93_784,
        in_flight: 1,
        dead: 3,
        last_error_at: START_AT + 1000,
        last_error: "HTTP 500\x1b[2J",
      }),
      endpointBody({
        endpoint: "session-history",
        state: "disabled",
        reason: "HTTP 410",
      }),
      endpointBody({
        endpoint: "periodic-sync",
        state: "paused",
      }),
      endpointBody({ endpoint: "sync", url: null }),
    ],
  };
  await using api = new FakeApi({ [LINE]: { body } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("callbacks", "status"), {
    code: 0,
    out: `\
ENDPOINT         STATE     BREAKER  BACKLOG       OLDEST  IN FLIGHT  DEAD  LAST SUCCESS         LAST ERROR           ERROR
room-events      active    closed         0            -          0     0  2026-01-01 08:00:00  -                    -
chat-history     active    open        1200  1d 02:03:04          1     3  -                    2026-01-01 08:00:01  HTTP 500\\x1b[2J
session-history  disabled  closed         0            -          0     0  -                    -                    -
periodic-sync    paused    closed         0            -          0     0  -                    -                    -
sync             no url    closed         0            -          0     0  -                    -                    -
`,
    err: `\
chat-history is not tried until 2026-01-01 08:01:00
session-history is disabled, HTTP 410: callbacks enable session-history
periodic-sync is paused: callbacks resume periodic-sync
`,
  });
  const { out } = await cli.run("callbacks", "status", "--json");
  assert.deepEqual(JSON.parse(out), body);
});

Deno.test("callbacks status says when nothing is sent at all", async () => {
  const endpoints = [endpointBody({ url: null })];
  await using api = new FakeApi({ [LINE]: { body: { endpoints } } });
  const cli = new FakeCli({ env: api.env });
  const { code, err } = await cli.run("callbacks", "status");
  assert.equal(code, 0);
  assert.equal(
    err,
    "Nothing is sent, as no URL is set: ROOM_EVENT_CALLBACK_URL and others\n",
  );
});
