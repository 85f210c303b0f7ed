/**
 * `parlor help`: the same as `--help` behind the words that follow.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import type { CommandScope } from "../command_scope.ts";

/** Shows help. */
export const helpCommand = buildCommand({
  docs: { brief: "Show what a command does and takes" },
  parameters: {
    positional: {
      kind: "array",
      parameter: {
        parse: String,
        placeholder: "command",
        brief: "The words of the command",
      },
    },
  },
  async func(
    this: CommandScope,
    _flags: Record<never, never>,
    ...words: string[]
  ): Promise<void> {
    this.process.exitCode = await this.runAgain([...words, "--help"]);
  },
});
