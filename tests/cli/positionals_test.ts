import assert from "node:assert/strict";
import type { Fetch } from "../../cli/http_transport.ts";
import { ENDPOINT_NAMES } from "../../src/wire/callback.ts";
import { deviceBody, roomBody } from "../support/canned_answers.ts";
import { FakeApi, freeAddress } from "../support/fake_api.ts";
import { FakeCli } from "../support/fake_cli.ts";

Deno.test("ROOM is completed from the rooms of the server", async () => {
  await using api = new FakeApi({
    "GET /management/rooms": {
      body: ["aa1", "ab2", "aa3"].map((id) => roomBody({ room_id: id })),
    },
  });
  const cli = new FakeCli({ env: api.env });
  const { code, out, err } = await cli.run(
    "__complete",
    "--",
    "history",
    "aa",
  );
  assert.deepEqual([code, out, err], [0, "aa1\naa3\n", ""]);
});

Deno.test("ROOM proposes nothing, silently, when no server answers", async () => {
  const cli = new FakeCli({ env: { PARLOR_URL: `http://${freeAddress()}` } });
  const { code, out, err } = await cli.run("__complete", "--", "history", "a");
  assert.deepEqual([code, out, err], [0, "", ""]);
});

Deno.test("ROOM makes a key press wait for a second at most", async () => {
  const fetch: Fetch = () => new Promise(() => {});
  const cli = new FakeCli({ env: { PARLOR_URL: "http://far" }, fetch });
  const running = cli.run("__complete", "--", "history", "a");
  await cli.clock.advance(1000);
  assert.deepEqual(await running, { code: 0, out: "", err: "" });
});

Deno.test("DEVICE is completed from the devices that begin so", async () => {
  const bodyOf = (...ids: string[]) => ({
    body: {
      devices: ids.map((id) => deviceBody({ device_id: id })),
      next: null,
    },
  });
  await using api = new FakeApi({
    "GET /management/devices?limit=200": bodyOf("a1", "b1"),
    "GET /management/devices?after=b&limit=200": bodyOf("b1", "b2", "c1"),
  });
  const proposed = async (word: string) => {
    const cli = new FakeCli({ env: api.env });
    return await cli.run("__complete", "--", "devices", "show", word);
  };
  assert.deepEqual(await proposed(""), { code: 0, out: "a1\nb1\n", err: "" });
  assert.deepEqual(await proposed("b"), {
    code: 0,
    out: "b1\nb2\n",
    err: "",
  });
});

Deno.test("LIVE is completed from the live rooms that are kept connected", async () => {
  const ids = ["77", "78", "9"];
  await using api = new FakeApi({
    "GET /api/live/status": {
      body: { success: true, active_rooms: ids, count: 3, connections: {} },
    },
  });
  const cli = new FakeCli({ env: api.env });
  for (const verb of ["stop", "status", "watch"]) {
    const { out } = await cli.run("__complete", "--", "live", verb, "7");
    assert.equal(out, "77\n78\n", verb);
  }
});

Deno.test("ENDPOINT is completed from the names that there are", async () => {
  const proposed = async (...words: string[]) => {
    const { out } = await new FakeCli().run("__complete", "--", ...words);
    return out.split("\n").slice(0, -1);
  };
  assert.deepEqual(await proposed("callbacks", "pause", ""), ENDPOINT_NAMES);
  assert.deepEqual(await proposed("callbacks", "enable", "s"), [
    "session-history",
    "sync",
  ]);
});

Deno.test("ENDPOINT refuses a name that there is not", async () => {
  const { code, err } = await new FakeCli().run("callbacks", "pause", "chats");
  assert.equal(code, 2);
  assert.match(err, /"chats" .*room-events/);
});
