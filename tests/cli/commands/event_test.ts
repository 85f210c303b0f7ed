import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const API = {
  "POST /management/rooms/r1/events": { body: { id: "i1", seq: 13 } },
};

Deno.test("event sends a type with its JSON", async () => {
  await using api = new FakeApi(API);
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("event", "r1", "gift", '{"n":[1]}'), {
    code: 0,
    out: "Sent gift to room r1 as number 13\n",
    err: "",
  });
  assert.deepEqual(api.seen[0]?.body, {
    event_type: "gift",
    payload: { n: [1] },
  });
});

Deno.test("event sends null where no JSON is given", async () => {
  await using api = new FakeApi(API);
  await new FakeCli({ env: api.env }).run("event", "r1", "ping");
  assert.deepEqual(api.seen[0]?.body, { event_type: "ping", payload: null });
});

Deno.test("event refuses what is not JSON before it asks anybody", async () => {
  const { code, err } = await new FakeCli().run("event", "r1", "gift", "{n:1}");
  assert.equal(code, 2);
  assert.match(err, /json: want JSON\n/);
});
