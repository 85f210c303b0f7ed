/**
 * `parlor completions`: scripts that teach a shell this command line.
 *
 * A script asks the program itself what may come next, so it never goes out
 * of date.
 *
 * @module
 */

import { buildChoiceParser, buildCommand } from "@stricli/core";
import type { CommandScope } from "../command_scope.ts";
import { COMPLETION_SCRIPTS, SHELLS } from "../completion_scripts.ts";

type Shell = keyof typeof COMPLETION_SCRIPTS;

/** Prints a completion script. */
export const completionsCommand = buildCommand({
  docs: {
    brief: "Print a completion script for bash, zsh or fish",
    fullDescription: [
      "bash: source <(parlor completions bash)",
      "zsh:  source <(parlor completions zsh)",
      "fish: parlor completions fish | source",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{
        parse: buildChoiceParser(SHELLS),
        placeholder: "shell",
        brief: SHELLS.join(", "),
        proposeCompletions: (partial: string) =>
          SHELLS.filter((shell) => shell.startsWith(partial)),
      }],
    },
  },
  func(
    this: CommandScope,
    _flags: Record<never, never>,
    shell: Shell,
  ): void {
    this.cli.stdout.write(COMPLETION_SCRIPTS[shell]);
  },
});
