import assert from "node:assert/strict";
import { CliError } from "../../cli/cli_error.ts";
import { commandLineText } from "../../cli/command_line_text.ts";

function failure(thrown: unknown): string {
  return commandLineText.exceptionWhileRunningCommand(thrown, false);
}

Deno.test("commandLineText prints a failure with its details, a line each", () => {
  const error = new CliError("Found it:", { details: ["one", "t\x1bwo"] });
  assert.equal(failure(error), "Found it:\none\nt\\x1bwo");
});

Deno.test("commandLineText calls a bug a bug and shows no stack", () => {
  assert.equal(
    failure(new TypeError("x is\nnot")),
    "Internal error: x is\\nnot",
  );
  assert.equal(failure("thrown"), "Internal error: thrown");
});

Deno.test("commandLineText neutralises a mistyped word", () => {
  const text = commandLineText.noCommandRegisteredForInput({
    input: "\x1b[2J",
    corrections: [],
    ansiColor: false,
  });
  assert.equal(text, 'Unknown command "\\x1b[2J": see parlor help');
});
