/**
 * `parlor live retry`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { livePath } from "../api_path.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { linkStateAnswer } from "../live_answers.ts";
import { LIVE } from "../positionals.ts";

/** Has a live room connected now. */
export const liveRetryCommand = buildCommand({
  docs: { brief: "Try at once to connect a live room that waits or is over" },
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
    const path = livePath(liveId, "retry");
    const answer = await api.post(path, undefined, linkStateAnswer);
    const { state } = answer;
    this.report(flags).say(
      answer,
      state === "live"
        ? `No change: live room ${liveId} is live`
        : `Trying live room ${liveId} now: ${state}`,
    );
  },
});
