import assert from "node:assert/strict";
import { endpointBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const DONE = { pause: "Paused", resume: "Resumed", enable: "Enabled" };

for (const [verb, done] of Object.entries(DONE)) {
  Deno.test(`callbacks ${verb} changes an endpoint and says what waits`, async () => {
    const body = endpointBody({ endpoint: "chat-history", backlog: 12 });
    await using api = new FakeApi({
      [`POST /management/callbacks/chat-history/${verb}`]: { body },
    });
    const cli = new FakeCli({ env: api.env });
    assert.deepEqual(await cli.run("callbacks", verb, "chat-history"), {
      code: 0,
      out: `${done} chat-history: 12 events wait\n`,
      err: "",
    });
    const json = await cli.run("callbacks", verb, "chat-history", "--json");
    assert.deepEqual(JSON.parse(json.out), body);
  });
}

Deno.test("callbacks enable says that there is nowhere to send to", async () => {
  await using api = new FakeApi({
    "POST /management/callbacks/room-events/enable": {
      body: endpointBody({ url: null }),
    },
  });
  const { code, err } = await new FakeCli({ env: api.env })
    .run("callbacks", "enable", "room-events");
  assert.deepEqual([code, err], [0, "room-events has no URL\n"]);
});

Deno.test("callbacks resume passes on that the endpoint ended itself", async () => {
  await using api = new FakeApi({
    "POST /management/callbacks/sync/resume": {
      status: 409,
      body: { error: "sync is disabled: enable it", code: "endpoint_disabled" },
    },
  });
  assert.deepEqual(
    await new FakeCli({ env: api.env }).run("callbacks", "resume", "sync"),
    {
      code: 1,
      out: "",
      err: "The server refused: sync is disabled: enable it\n",
    },
  );
});
