import assert from "node:assert/strict";
import { FakeApi, freeAddress } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const LINE = "POST /management/sync";

Deno.test("sync now says that the server took it on", async () => {
  await using api = new FakeApi({ [LINE]: { status: 202 } });
  const cli = new FakeCli({ env: api.env });
  assert.deepEqual(await cli.run("sync", "now"), {
    code: 0,
    out: "Accepted: batches and snapshots of every room\n",
    err: "",
  });
  const { out } = await cli.run("sync", "now", "--json");
  assert.deepEqual(JSON.parse(out), { ok: true });
});

Deno.test("sync now says when that of a file goes out", async () => {
  const asked: string[] = [];
  const cli = new FakeCli({
    env: { BIND_ADDRESS: freeAddress(), DATABASE_URL: "sqlite:chat.db" },
    openOffline: () =>
      Promise.resolve({
        request(method, path) {
          asked.push(`${method} ${path}`);
          return Promise.resolve(new Response(null, { status: 202 }));
        },
        close: () => Promise.resolve(),
      }),
  });
  cli.files.addText("chat.db", "");
  const { code, err } = await cli.run("sync", "now");
  assert.deepEqual([code, asked], [0, [LINE]]);
  assert.match(err, /\nWhat is queued goes out when the server starts\n$/);
});
