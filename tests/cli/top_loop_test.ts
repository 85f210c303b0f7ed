import assert from "node:assert/strict";
import { statusAnswer } from "../../cli/answers.ts";
import { CliError } from "../../cli/cli_error.ts";
import type { Look } from "../../cli/top_lines.ts";
import { TopLoop } from "../../cli/top_loop.ts";
import { statusBody } from "../support/canned_answers.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { settle } from "../support/fake_clock.ts";

const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";

function lookAt(at: number): Look {
  return { at, status: statusAnswer.parse(statusBody()) };
}

/** What a screen with these lines is drawn with. */
function drawn(...lines: string[]): string {
  const text = lines.map((line) => `\x1b[2K${line}`).join("\r\n");
  return `\x1b[H${text}\r\n\x1b[J`;
}

function newLoop(look: () => Promise<Look>) {
  const cli = new FakeCli({ terminal: { columns: 40, rows: 10 } });
  const loop = new TopLoop(cli, {
    intervalMs: 2000,
    look,
    lines: ([now, before]) => [`now ${now.at}`, `before ${before?.at}`],
  });
  return { cli, running: loop.run(lookAt(0)) };
}

Deno.test("TopLoop redraws in place at each interval until q", async () => {
  let count = 0;
  const { cli, running } = newLoop(() => Promise.resolve(lookAt(++count)));
  await settle();
  const first = drawn("now 0", "before undefined", "q leaves");
  assert.equal(cli.stdout.take(), ENTER + first);

  await cli.clock.advance(1999);
  assert.equal(cli.stdout.take(), "");
  await cli.clock.advance(1);
  assert.equal(cli.stdout.take(), drawn("now 1", "before 0", "q leaves"));
  await cli.clock.advance(2000);
  assert.equal(cli.stdout.take(), drawn("now 2", "before 1", "q leaves"));

  cli.keyboard.send({ kind: "key", key: "x" });
  await settle();
  assert.equal(cli.stdout.take(), "");
  cli.keyboard.send({ kind: "key", key: "q" });
  await running;
  assert.equal(cli.stdout.take(), LEAVE);
  assert.equal(cli.keyboard.isListening, false);
  assert.equal(cli.clock.armed, 0);
});

Deno.test("TopLoop leaves on Ctrl-C and on a signal", async () => {
  for (
    const input of [
      { kind: "key", key: "\x03" },
      { kind: "stop" },
    ] as const
  ) {
    const { cli, running } = newLoop(() => Promise.resolve(lookAt(1)));
    await settle();
    cli.keyboard.send(input);
    await running;
    assert(cli.stdout.take().endsWith(LEAVE));
  }
});

Deno.test("TopLoop leaves while a look is under way", async () => {
  const { cli, running } = newLoop(() => new Promise(() => {}));
  await cli.clock.advance(2000);
  cli.keyboard.send({ kind: "key", key: "q" });
  await running;
  assert(cli.stdout.take().endsWith(LEAVE));
});

Deno.test("TopLoop draws at once when the terminal changes its size", async () => {
  const { cli, running } = newLoop(() => Promise.resolve(lookAt(1)));
  await settle();
  cli.stdout.take();
  cli.stdout.cells = { columns: 5, rows: 10 };
  cli.keyboard.send({ kind: "resize" });
  assert.equal(cli.stdout.take(), drawn("now 0", "befo…", "q le…"));
  cli.keyboard.send({ kind: "stop" });
  await running;
});

Deno.test("TopLoop keeps the last line for what failed, and tries again", async () => {
  let isUp = false;
  const { cli, running } = newLoop(() =>
    isUp
      ? Promise.resolve(lookAt(9))
      : Promise.reject(new CliError("Cannot \x1breach"))
  );
  cli.stdout.cells = { columns: 40, rows: 2 };
  await cli.clock.advance(2000);
  assert(
    cli.stdout.take().endsWith(
      "\x1b[H\x1b[2Know 0\r\n\x1b[2KCannot \\x1breach",
    ),
  );
  isUp = true;
  await cli.clock.advance(2000);
  assert.match(cli.stdout.take(), /now 9\r\n.*q leaves$/);
  cli.keyboard.send({ kind: "stop" });
  await running;
});

Deno.test("TopLoop gives the terminal back when it fails for good", async () => {
  const { cli, running } = newLoop(() => Promise.reject(new Error("a bug")));
  const failing = assert.rejects(running, /a bug/);
  await cli.clock.advance(2000);
  await failing;
  assert(cli.stdout.take().endsWith(LEAVE));
  assert.equal(cli.keyboard.isListening, false);
});
