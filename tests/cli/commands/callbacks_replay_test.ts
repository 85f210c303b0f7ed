import assert from "node:assert/strict";
import type { Fetch } from "../../../cli/http_transport.ts";
import { FakeApi, freeAddress } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";

const LINE = "POST /management/callbacks/replay";

/** A server that gives these answers, one after another, and then the last. */
function answering(...bodies: readonly object[]) {
  const asked: unknown[] = [];
  const fetch: Fetch = (_url, { body: sent }) => {
    const body = bodies[Math.min(asked.length, bodies.length - 1)];
    asked.push(JSON.parse(`${sent}`));
    const status = body !== undefined && "error" in body ? 503 : 200;
    return Promise.resolve(Response.json(body, { status }));
  };
  const cli = new FakeCli({ env: { PARLOR_URL: "http://far" }, fetch });
  return { cli, asked };
}

Deno.test("callbacks replay sends again what fits all that is named", async () => {
  await using api = new FakeApi({
    [LINE]: { body: { replayed: 5, next: null } },
  });
  const cli = new FakeCli({ env: api.env });
  const replay = (words: string) =>
    cli.run("callbacks", "replay", ...words.split(" "));
  assert.deepEqual(await replay("--id joined_s1"), {
    code: 0,
    out: "Replayed 5 events\n",
    err: "",
  });
  await replay("--room r1 --endpoint sync --delivered");
  const { out } = await replay(
    "--from 2026-01-01T00:00:00Z --to 1767225660 --json",
  );
  assert.deepEqual(JSON.parse(out), { replayed: 5, next: null });
  assert.deepEqual(api.seen.map(({ body }) => body), [
    { id: "joined_s1" },
    { room_id: "r1", endpoint: "sync", delivered: true },
    { from: 1_767_225_600, to: 1_767_225_660 },
  ]);
});

Deno.test("callbacks replay goes on after what it took until nothing is left", async () => {
  const { cli, asked } = answering(
    { replayed: 10_000, next: 10_040 },
    { replayed: 10_000, next: 20_300 },
    { replayed: 17, next: null },
  );
  assert.deepEqual(await cli.run("callbacks", "replay", "--room", "r1"), {
    code: 0,
    out: "Replayed 20017 events\n",
    err: "",
  });
  assert.deepEqual(asked, [
    { room_id: "r1" },
    { room_id: "r1", after: 10_040 },
    { room_id: "r1", after: 20_300 },
  ]);
});

Deno.test("callbacks replay asks no more than 100 times", async () => {
  const { cli, asked } = answering({ replayed: 1, next: 9 });
  const words = ["callbacks", "replay", "--room", "r1"];
  assert.deepEqual(await cli.run(...words), {
    code: 0,
    out: "Replayed 100 events\n",
    err: "There is more: run it again\n",
  });
  assert.equal(asked.length, 100);
  const { out, err } = await cli.run(...words, "--delivered", "--json");
  assert.deepEqual(JSON.parse(out), { replayed: 100, next: 9 });
  assert.equal(
    err,
    "There is more: run it again with narrower --from and --to\n",
  );
});

Deno.test("callbacks replay ends without a note at its 100th request", async () => {
  const { cli, asked } = answering(
    ...Array.from({ length: 99 }, () => ({ replayed: 1, next: 9 })),
    { replayed: 1, next: null },
  );
  const { err } = await cli.run("callbacks", "replay", "--room", "r1");
  assert.equal(err, "");
  assert.equal(asked.length, 100);
});

Deno.test("callbacks replay says how far it came when the server fails", async () => {
  const { cli } = answering(
    { replayed: 10_000, next: 10_000 },
    { error: "Messages cannot be stored right now" },
  );
  assert.deepEqual(await cli.run("callbacks", "replay", "--room", "r1"), {
    code: 1,
    out: "",
    err: `\
The server refused: Messages cannot be stored right now
Replayed 10000 events before that
`,
  });
});

Deno.test("callbacks replay says when nothing fits", async () => {
  const { cli } = answering({ replayed: 0, next: null });
  const words = ["callbacks", "replay", "--room", "r1"];
  const { code, err } = await cli.run(...words);
  assert.equal(code, 0);
  assert.equal(err, "Nothing fits that was given up; see --delivered\n");
  assert.equal((await cli.run(...words, "--delivered")).err, "");
});

Deno.test("callbacks replay says when events of a file go out", async () => {
  const cli = new FakeCli({
    env: { BIND_ADDRESS: freeAddress(), DATABASE_URL: "sqlite:chat.db" },
    openOffline: () =>
      Promise.resolve({
        request: () =>
          Promise.resolve(Response.json({ replayed: 1, next: null })),
        close: () => Promise.resolve(),
      }),
  });
  cli.files.addText("chat.db", "");
  const { code, err } = await cli.run(
    "callbacks",
    "replay",
    "--id",
    "closed_r1",
  );
  assert.equal(code, 0);
  assert.match(err, /\nThey go out when the server starts\n$/);
});

Deno.test("callbacks replay wants to know what", async () => {
  const cli = new FakeCli();
  const replay = (...flags: string[]) =>
    cli.run("callbacks", "replay", ...flags);
  assert.deepEqual(await replay("--endpoint", "sync", "--delivered"), {
    code: 2,
    out: "",
    err: "Cannot replay everything: want --id, --room, --from or --to\n",
  });
  assert.equal((await replay("--from", "2", "--to", "1")).code, 2);
  assert.equal((await replay("--from", "yesterday")).code, 2);
});
