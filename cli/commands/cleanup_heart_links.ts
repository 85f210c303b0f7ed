/**
 * `parlor cleanup heart-links`: lets requests for a match expire that are too
 * old, as the calendar does.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { linkSweepAnswer } from "../cleanup_answers.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";

interface Flags extends CommonFlags {
  readonly force: boolean;
}

/** Lets requests for a match expire. */
export const heartLinksCommand = buildCommand({
  docs: { brief: "Let heart-link requests expire that are too old" },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      // The reference system runs by chance without it (COMPAT 0.2).
      force: {
        kind: "boolean",
        default: false,
        brief: "Changes nothing: it always runs",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const api = await this.connectOrOpen(flags);
    const answer = await api.post(
      "/management/cleanup/heart-links",
      {},
      linkSweepAnswer,
    );
    const { expired, pending, matched } = answer;
    const report = this.report(flags);
    report.print(answer, () =>
      report.fields([
        ["expired now", `${expired}`],
        ["waiting", `${pending}`],
        ["matched", `${matched}`],
        ["match rate", rateText(matched, pending + matched)],
      ]));
  },
});

function rateText(matched: number, total: number): string {
  return total === 0 ? "-" : `${Math.round(matched / total * 100)}%`;
}
