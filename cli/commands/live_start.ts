/**
 * `parlor live start`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { nonEmpty } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { linkStateAnswer } from "../live_answers.ts";
import { LIVE } from "../positionals.ts";

interface Flags extends CommonFlags {
  readonly source?: string | undefined;
}

/** Has a live room kept connected. */
export const liveStartCommand = buildCommand({
  docs: {
    brief: "Keep a live room connected, until it is stopped",
    fullDescription: "It is connected at once, and again whenever that " +
      "breaks, also after\na restart. It fails where the room is not live.",
  },
  parameters: {
    positional: { kind: "tuple", parameters: [LIVE] },
    flags: {
      ...COMMON_FLAGS,
      source: {
        kind: "parsed",
        parse: nonEmpty,
        optional: true,
        placeholder: "name",
        brief: "Where it comes from, instead of LIVE_DEFAULT_SOURCE",
      },
    },
  },
  async func(this: CommandScope, flags: Flags, liveId: string): Promise<void> {
    const { source } = flags;
    const api = await this.connect(flags);
    const answer = await api.post(
      "/api/live/start",
      { live_id: liveId, source },
      linkStateAnswer,
    );
    this.report(flags).say(
      answer,
      `Live room ${liveId} is kept connected: ${answer.state}`,
    );
  },
});
