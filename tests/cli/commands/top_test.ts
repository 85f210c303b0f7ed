import assert from "node:assert/strict";
import { statusBody, statusRoomBody } from "../../support/canned_answers.ts";
import { FakeApi } from "../../support/fake_api.ts";
import { FakeCli } from "../../support/fake_cli.ts";
import { settle } from "../../support/fake_clock.ts";

const LINE = "GET /management/status?rooms=50";
const BODY = statusBody({ room_list: [statusRoomBody()] });
const TERMINAL = { columns: 60, rows: 12 };

Deno.test("top prints one look where there is no terminal", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env });
  const { code, out } = await cli.run("top");
  assert.equal(code, 0);
  assert.equal(out.includes("\x1b"), false);
  assert.match(out, /^Parlor 0\.1\.0 at http:[^]*\nr1 {4}Lobby/);
});

Deno.test("top prints one look with --once, or --json, on a terminal", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env, terminal: TERMINAL });
  const once = await cli.run("top", "--once");
  assert.match(once.out, /^Parlor 0\.1\.0/);
  const { out } = await cli.run("top", "--json");
  assert.deepEqual(JSON.parse(out), BODY);
  assert.equal(cli.keyboard.isListening, false);
});

Deno.test("top redraws on a terminal until it is left", async () => {
  await using api = new FakeApi({ [LINE]: { body: BODY } });
  const cli = new FakeCli({ env: api.env, terminal: TERMINAL });
  const running = cli.run("top", "--interval", "1");
  await until(() => cli.clock.armed === 1 && cli.keyboard.isListening);
  assert(cli.stdout.text.startsWith("\x1b[?1049h\x1b[?25l\x1b[H"));
  assert.match(cli.stdout.take(), /Parlor 0\.1\.0[^]*messages -/);

  await cli.clock.advance(1000);
  await until(() => cli.stdout.text !== "");
  assert(cli.stdout.text.startsWith("\x1b[H"));
  assert.match(cli.stdout.take(), /messages 0\.0/);

  cli.keyboard.send({ kind: "key", key: "q" });
  const { code, out } = await running;
  assert.deepEqual([code, out], [0, "\x1b[?25h\x1b[?1049l"]);
});

Deno.test("top leaves the screen alone when no server answers", async () => {
  await using api = new FakeApi({});
  const cli = new FakeCli({ env: api.env, terminal: TERMINAL });
  const { code, out } = await cli.run("top");
  assert.deepEqual([code, out], [1, ""]);
});

/** Waits, turn by turn, for what a socket brings. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}
