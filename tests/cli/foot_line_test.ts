import assert from "node:assert/strict";
import { FootLine } from "../../cli/foot_line.ts";
import { FakeOutput } from "../support/fake_cli.ts";

const CLEAR = "\r\x1b[2K";

function newTerminal(columns: number): FakeOutput {
  const output = new FakeOutput();
  output.cells = { columns, rows: 24 };
  return output;
}

Deno.test("FootLine stays below what is written above it", () => {
  const output = newTerminal(20);
  const foot = new FootLine(output);
  foot.above(() => output.write("first\n"));
  foot.set("one");
  foot.above(() => output.write("second\n"));
  foot.set("two");
  foot[Symbol.dispose]();
  foot.above(() => output.write("third\n"));
  assert.equal(
    output.text,
    `first\none${CLEAR}second\none${CLEAR}two${CLEAR}third\n`,
  );
});

Deno.test("FootLine takes one row of a terminal, less its last cell", () => {
  const output = newTerminal(10);
  using foot = new FootLine(output);
  foot.set("123456789");
  assert.equal(output.take(), "123456789");
  foot.set("1234567890");
  assert.equal(output.take(), `${CLEAR}12345678…`);
  foot.set("四四四四四");
  assert.equal(output.take(), `${CLEAR}四四四四…`);
});

Deno.test("FootLine obeys nothing that it is told to show", () => {
  const output = newTerminal(80);
  using foot = new FootLine(output);
  foot.set("\x1b[2J\n\u202e");
  assert.equal(output.take(), "\\x1b[2J\\n\\u202e");
});

Deno.test("FootLine has no foot where nobody sees it change", () => {
  const output = new FakeOutput();
  const foot = new FootLine(output);
  foot.set("one");
  foot.above(() => output.write("line\n"));
  foot[Symbol.dispose]();
  assert.equal(output.text, "line\n");
});
