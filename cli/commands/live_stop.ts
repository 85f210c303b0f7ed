/**
 * `parlor live stop`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { stoppedAnswer } from "../live_answers.ts";
import { LIVE } from "../positionals.ts";

/** Lets a live room go. */
export const liveStopCommand = buildCommand({
  docs: { brief: "Keep a live room connected no more; what was said stays" },
  parameters: {
    positional: { kind: "tuple", parameters: [LIVE] },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    liveId: string,
  ): Promise<void> {
    const api = await this.connect(flags);
    const answer = await api.post(
      "/api/live/stop",
      { live_id: liveId },
      stoppedAnswer,
    );
    this.report(flags).say(
      answer,
      `Live room ${liveId} is not kept connected any more`,
    );
  },
});
