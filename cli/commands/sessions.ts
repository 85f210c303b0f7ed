/**
 * `parlor sessions`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { type SessionAnswer, sessionsAnswer } from "../answers.ts";
import { roomPath, withQuery } from "../api_path.ts";
import { integerIn } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  INSTANT_FLAG,
} from "../common_flags.ts";
import { spanText } from "../local_time.ts";
import { ROOM } from "../positionals.ts";
import type { Report } from "../report.ts";
import type { Column } from "../table.ts";

interface Flags extends CommonFlags {
  readonly page: number;
  readonly limit: number;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Shows the stays in a room. */
export const sessionsCommand = buildCommand({
  docs: { brief: "Show who was in a room and when, newest first" },
  parameters: {
    positional: { kind: "tuple", parameters: [ROOM] },
    flags: {
      ...COMMON_FLAGS,
      page: {
        kind: "parsed",
        parse: integerIn(1, 1_000_000_000),
        default: "1",
        placeholder: "n",
        brief: "Which page, 1 is the newest",
      },
      limit: {
        kind: "parsed",
        parse: integerIn(1, 5000),
        default: "100",
        placeholder: "n",
        brief: "Stays on a page",
      },
      from: {
        ...INSTANT_FLAG,
        brief: "Joined at or after: unix seconds, or 2026-01-01T08:00:00Z",
      },
      to: { ...INSTANT_FLAG, brief: "Joined at or before" },
    },
  },
  async func(this: CommandScope, flags: Flags, roomId: string): Promise<void> {
    const { page, limit, from, to } = flags;
    const api = await this.connectOrOpen(flags);
    const path = withQuery(roomPath(roomId, "sessions"), {
      page,
      limit,
      from,
      to,
    });
    const answer = await api.get(path, sessionsAnswer);
    const report = this.report(flags);
    report.print(answer, () => report.table(columnsOf(report), answer.records));
    const { current_page, total_pages, total_records, has_next } =
      answer.pagination;
    if (has_next) {
      report.note(
        `Page ${current_page} of ${total_pages}, ${total_records} stays: ` +
          `--page ${current_page + 1}`,
      );
    }
  },
});

function columnsOf(report: Report): Column<SessionAnswer>[] {
  return [
    { title: "USER", cell: (stay) => stay.user_id },
    { title: "NICKNAME", cell: (stay) => stay.nickname, canShrink: true },
    { title: "FROM", cell: (stay) => stay.ip },
    { title: "JOINED", cell: (stay) => report.instant(stay.joined_at) },
    { title: "LEFT", cell: (stay) => report.instant(stay.left_at) },
    {
      title: "STAYED",
      cell: ({ duration_seconds: secs }) =>
        secs === null ? "-" : spanText(secs),
      align: "right",
    },
    {
      title: "CLOSE",
      cell: ({ close_code: code }) => code === null ? "-" : `${code}`,
      align: "right",
    },
  ];
}
