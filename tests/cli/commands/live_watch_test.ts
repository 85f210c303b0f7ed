import assert from "node:assert/strict";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { settle } from "../../support/fake_clock.ts";
import { FakeTextSockets } from "../../support/fake_text_sockets.ts";
import {
  linkDetailBody,
  messageBody,
  snapshotBody,
} from "../../support/live_bodies.ts";

const ONE = "GET /api/live/77";

Deno.test("live watch shows a live room until somebody leaves, with 0", async () => {
  await using api = new FakeApi({ [ONE]: { body: linkDetailBody() } });
  const sockets = new FakeTextSockets();
  const cli = new FakeCli({ env: api.env, openSocket: sockets.open });
  const running = cli.run("live", "watch", "77");
  await until(() => sockets.all.length === 1);
  assert.equal(sockets.last.url, `${api.url.replace("http", "ws")}/ws/live/77`);
  sockets.last.say(snapshotBody({ messages: [] }));
  sockets.last.say(messageBody(3, { content: "\x1b]0;pwned\x07" }));
  cli.keyboard.send({ kind: "stop" });
  assert.deepEqual(await running, {
    code: 0,
    out: `\
2026-01-01 08:00:00  live
2026-01-01 08:00:00  3  chat 小安 (9007199254740993)  \\x1b]0;pwned\\x07
`,
    err: "Watching live room 77: Ctrl-C leaves\n",
  });
  assert.equal(cli.clock.armed, 0);
});

Deno.test("live watch --json prints a line a frame", async () => {
  await using api = new FakeApi({ [ONE]: { body: linkDetailBody() } });
  const sockets = new FakeTextSockets();
  const cli = new FakeCli({ env: api.env, openSocket: sockets.open });
  const running = cli.run("live", "watch", "77", "--json");
  await until(() => sockets.all.length === 1);
  const frames = [snapshotBody(), messageBody(3)];
  for (const frame of frames) sockets.last.say(frame);
  cli.keyboard.send({ kind: "stop" });
  const { out } = await running;
  const lines = out.trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), frames);
});

Deno.test("live watch gives a terminal back as it was", async () => {
  await using api = new FakeApi({ [ONE]: { body: linkDetailBody() } });
  const sockets = new FakeTextSockets();
  const terminal = { columns: 80, rows: 24 };
  const cli = new FakeCli({ env: api.env, openSocket: sockets.open, terminal });
  const running = cli.run("live", "watch", "77");
  await until(() => sockets.all.length === 1);
  sockets.last.say(snapshotBody({ messages: [] }));
  cli.keyboard.send({ kind: "stop" });
  const { out } = await running;
  assert(out.includes("messages 120  "), out);
  assert(out.endsWith("\r\x1b[2K"), out);
});

Deno.test("live watch fails for a room that nobody started", async () => {
  const message = "No such live room here";
  const body = {
    success: false,
    exists: false,
    code: "live_not_found",
    message,
  };
  await using api = new FakeApi({ [ONE]: { status: 404, body } });
  const sockets = new FakeTextSockets();
  const cli = new FakeCli({ env: api.env, openSocket: sockets.open });
  assert.deepEqual(await cli.run("live", "watch", "77"), {
    code: 1,
    out: "",
    err: `The server refused: ${message}\n`,
  });
  assert.equal(sockets.all.length, 0);
});

/** Waits, turn by turn, for what a socket brings. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}
