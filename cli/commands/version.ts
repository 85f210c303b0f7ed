/**
 * `parlor version`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import type { CommandScope } from "../command_scope.ts";
import { JSON_FLAG } from "../common_flags.ts";

interface Flags {
  readonly json: boolean;
}

/** Prints the version. */
export const versionCommand = buildCommand({
  docs: { brief: "Print the version" },
  parameters: { flags: JSON_FLAG },
  func(this: CommandScope, flags: Flags): void {
    const { version } = this.cli;
    this.report(flags).say({ version }, `parlor ${version}`);
  },
});
