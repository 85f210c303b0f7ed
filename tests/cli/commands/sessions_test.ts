import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { START_AT } from "../../support/fake_clock.ts";

function pageOf(page: number, pages: number) {
  return {
    room_id: "r1",
    records: [
      {
        session_id: "s2",
        user_id: "bob",
        nickname: "🐱bob",
        ip: "10.0.0.2",
        joined_at: START_AT,
        left_at: null,
        duration_seconds: null,
        close_code: null,
      },
      {
        session_id: "s1",
        user_id: "ann",
        nickname: "小安",
        ip: "::1",
        joined_at: START_AT,
        left_at: START_AT + 3_661_000,
        duration_seconds: 3661,
        close_code: 1006,
      },
    ],
    pagination: {
      current_page: page,
      total_pages: pages,
      total_records: 2 * pages,
      page_size: 2,
      has_next: page < pages,
      has_prev: page > 1,
    },
  };
}

Deno.test("sessions shows who came from where and stayed how long", async () => {
  await using api = new FakeApi({
    "GET /management/rooms/r1/sessions?page=1&limit=100": {
      body: pageOf(1, 1),
    },
  });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("sessions", "r1"), {
    code: 0,
    out: `\
USER  NICKNAME  FROM      JOINED               LEFT                   STAYED  CLOSE
bob   🐱bob     10.0.0.2  2026-01-01 08:00:00  -                           -      -
ann   小安      ::1       2026-01-01 08:00:00  2026-01-01 09:01:01  01:01:01   1006
`,
    err: "",
  });
});

Deno.test("sessions asks for a page of a span and names the next", async () => {
  const query = "page=2&limit=2&from=1767225600&to=1767225660";
  await using api = new FakeApi({
    [`GET /management/rooms/r1/sessions?${query}`]: { body: pageOf(2, 3) },
  });
  const { code, out, err } = await new FakeCli({ env: api.env }).run(
    ..."sessions r1 --json --page 2 --limit 2 --from 1767225600".split(" "),
    "--to",
    "2026-01-01T00:01:00Z",
  );
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), pageOf(2, 3));
  assert.equal(err, "Page 2 of 3, 6 stays: --page 3\n");
});
