/**
 * `parlor cleanup`: ends rooms whose users are gone.
 *
 * Flags and lines of text are those of the command that the reference system
 * has (COMPAT 0.2), for the scripts that read them.
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { type CleanupAnswer, cleanupAnswer } from "../answers.ts";
import { integerIn } from "../arguments.ts";
import { CliError } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { plainText } from "../plain_text.ts";
import type { Report } from "../report.ts";

interface Flags extends CommonFlags {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly minutes?: number | undefined;
}

/** Ends rooms whose users are gone. */
export const cleanupCommand = buildCommand({
  docs: { brief: "End rooms that everybody left some time ago" },
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      dryRun: {
        kind: "boolean",
        default: false,
        brief: "Only list the rooms that would end",
      },
      force: {
        kind: "boolean",
        default: false,
        brief: "Rooms younger than 5 minutes too",
      },
      minutes: {
        kind: "parsed",
        parse: integerIn(0, 525_600),
        optional: true,
        placeholder: "n",
        brief: "Minutes since the last user left, instead of CLEANUP_MINUTES",
      },
    },
  },
  async func(this: CommandScope, flags: Flags): Promise<void> {
    const { dryRun, force } = flags;
    const minutes = flags.minutes ?? this.config().reap.idleMs / 60_000;
    const report = this.report(flags);
    const api = await this.connectOrOpen(flags);
    report.line(`开始清理不活跃的聊天室（断开连接${minutes}分钟后清理）...`);
    const answer = await api.post(
      "/management/cleanup",
      { minutes, force, dry_run: dryRun },
      cleanupAnswer,
    );
    report.print(
      answer,
      () => dryRun ? planLines(report, answer) : doneLines(answer),
    );
    const failedCount = failuresOf(answer).length;
    if (failedCount > 0) {
      throw new CliError(`Cannot clean up ${failedCount} rooms`);
    }
  },
});

function planLines(report: Report, { rooms }: CleanupAnswer): string[] {
  return [
    `将要清理 ${rooms.length} 个聊天室:`,
    ...rooms.map((room) =>
      `  - 聊天室 ${plainText(room.room_id)} ` +
      `(创建时间: ${report.seconds(room.created_at)})`
    ),
  ];
}

function doneLines(answer: CleanupAnswer): string[] {
  const { rooms, counts } = answer;
  return [
    ...rooms.map(({ room_id: roomId, error }) =>
      plainText(
        error === undefined
          ? `已清理聊天室: ${roomId}`
          : `清理聊天室 ${roomId} 时出错: ${error}`,
      )
    ),
    "清理完成！",
    `本次清理: ${rooms.length - failuresOf(answer).length} 个聊天室`,
    "当前状态:",
    `  - 活跃聊天室: ${counts.active}`,
    `  - 已结束聊天室: ${counts.ended}`,
    `  - 等待匹配: ${counts.waiting}`,
  ];
}

function failuresOf({ rooms }: CleanupAnswer): CleanupAnswer["rooms"] {
  return rooms.filter((room) => room.error !== undefined);
}
