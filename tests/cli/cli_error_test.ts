import assert from "node:assert/strict";
import { CliError, messageOf } from "../../cli/cli_error.ts";

Deno.test("CliError is a failure unless it says that usage is wrong", () => {
  assert.equal(new CliError("x").exitCode, 1);
  assert.equal(new CliError("x", { exitCode: 2 }).exitCode, 2);
  assert.deepEqual(new CliError("x").details, []);
});

Deno.test("messageOf takes the message of an error and the text of the rest", () => {
  assert.equal(messageOf(new Error("why")), "why");
  assert.equal(messageOf(7), "7");
});
