/**
 * `parlor flush`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { flushAnswer } from "../answers.ts";
import { nonEmpty } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";

interface Flags extends CommonFlags {
  readonly room?: string | undefined;
}

/** Writes what is pending. */
export const flushCommand = buildCommand({
  docs: { brief: "Write what is pending to the database now" },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      room: {
        kind: "parsed",
        parse: nonEmpty,
        optional: true,
        placeholder: "room",
        brief: "Only what is pending of this room",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const api = await this.connectOrOpen(flags);
    const body = flags.room === undefined ? {} : { room_id: flags.room };
    const answer = await api.post("/management/flush", body, flushAnswer);
    this.report(flags).say(answer, `Flushed ${answer.flushed} records`);
  },
});
