import assert from "node:assert/strict";
import { LiveScreen } from "../../cli/live_screen.ts";
import { FakeOutput } from "../support/fake_cli.ts";

function newScreen(columns: number, rows: number) {
  const output = new FakeOutput();
  output.cells = { columns, rows };
  return { output, screen: new LiveScreen(output) };
}

Deno.test("LiveScreen takes the alternate screen and gives it back", () => {
  const { output, screen } = newScreen(20, 5);
  assert.equal(output.take(), "\x1b[?1049h\x1b[?25l");
  screen[Symbol.dispose]();
  assert.equal(output.take(), "\x1b[?25h\x1b[?1049l");
});

Deno.test("LiveScreen draws from the top and clears what is left below", () => {
  const { output, screen } = newScreen(20, 5);
  output.take();
  screen.draw(["one", "two"]);
  assert.equal(
    output.take(),
    "\x1b[H\x1b[2Kone\r\n\x1b[2Ktwo\r\n\x1b[J",
  );
});

Deno.test("LiveScreen cuts lines and drops those that do not fit", () => {
  const { output, screen } = newScreen(5, 2);
  output.take();
  screen.draw(["大厅聊天", "abcdef", "below"]);
  assert.equal(output.take(), "\x1b[H\x1b[2K大厅…\r\n\x1b[2Kabcd…");
});

Deno.test("LiveScreen follows the terminal's size", () => {
  const { output, screen } = newScreen(5, 2);
  output.cells = { columns: 9, rows: 3 };
  assert.equal(screen.rows, 3);
  output.take();
  screen.draw(["abcdefg"]);
  assert.match(output.take(), /abcdefg/);
});

Deno.test("LiveScreen takes 80 by 24 where the terminal does not say", () => {
  assert.equal(new LiveScreen(new FakeOutput()).rows, 24);
});
