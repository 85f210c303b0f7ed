/**
 * `parlor live status`: all live rooms, or one.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { livePath } from "../api_path.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { linkDetailAnswer, linksAnswer } from "../live_answers.ts";
import { linkLines, linksLines } from "../live_lines.ts";
import { LIVE } from "../positionals.ts";

/** Shows how links do. */
export const liveStatusCommand = buildCommand({
  docs: {
    brief: "Show the live rooms that are kept connected, or all about one",
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ ...LIVE, optional: true }],
    },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    liveId?: string,
  ): Promise<void> {
    const api = await this.connect(flags);
    const report = this.report(flags);
    if (liveId !== undefined) {
      const link = await api.get(livePath(liveId), linkDetailAnswer);
      return report.print(link, () => linkLines(report, link));
    }
    const answer = await api.get("/api/live/status", linksAnswer);
    report.print(answer, () => linksLines(report, answer.connections));
    for (const [id, { warning }] of Object.entries(answer.connections)) {
      if (warning !== null) report.note(`${id}: ${warning}`);
    }
  },
});
