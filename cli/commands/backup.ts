/**
 * `parlor backup`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { nonEmpty } from "../arguments.ts";
import { CliError, messageOf } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { databaseBytes } from "../database_bytes.ts";

/** Copies the database. */
export const backupCommand = buildCommand({
  docs: {
    brief: "Copy the whole database into a new file, while it is in use",
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { parse: nonEmpty, placeholder: "file", brief: "A file to make" },
      ],
    },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    file: string,
  ): Promise<void> {
    const { files } = this.cli;
    if (await files.exists(file)) {
      throw new CliError(`Cannot write ${file}: it exists already`);
    }
    const api = await this.connectOrOpen(flags);
    const copy = databaseBytes(await api.stream("/management/backup"));
    try {
      await files.create(file, copy.stream);
    } catch (thrown) {
      if (thrown instanceof CliError) throw thrown;
      throw new CliError(`Cannot write ${file}: ${messageOf(thrown)}`);
    }
    const bytes = copy.count();
    this.report(flags).say({ file, bytes }, `Wrote ${file}: ${bytes} bytes`);
  },
});
