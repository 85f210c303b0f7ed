/**
 * What the reference system's cleanup says, for those who read its log with
 * their own scripts (COMPAT 0.2).
 *
 * @module
 */

/** How many rooms there are, by status. */
export interface RoomCounts {
  readonly active: number;
  readonly ended: number;
  readonly waiting: number;
}

/** A room that was ended, or could not be. */
export interface EndedRoom {
  readonly roomId: string;
  /** Why it could not be ended. */
  readonly error?: string | undefined;
}

/** One line, and whether it tells of a failure. */
export interface CleanupLine {
  readonly level: "INFO" | "ERROR";
  readonly text: string;
}

/** The first line of a run. */
export function startLine(minutes: number): CleanupLine {
  return info(`开始清理不活跃的聊天室（断开连接${minutes}分钟后清理）...`);
}

/** A line for each room that was ended or could not be. */
export function roomLines(rooms: readonly EndedRoom[]): CleanupLine[] {
  return rooms.map(({ roomId, error }) =>
    error === undefined
      ? info(`已清理聊天室: ${roomId}`)
      : { level: "ERROR", text: `清理聊天室 ${roomId} 时出错: ${error}` }
  );
}

/** The block at the end of a run; without counts if there are none. */
export function closingLines(
  rooms: readonly EndedRoom[],
  counts: RoomCounts | undefined,
): CleanupLine[] {
  const done = [info("清理完成！"), info(sumText(rooms))];
  if (counts === undefined) return done;
  return [
    ...done,
    info("当前状态:"),
    info(`  - 活跃聊天室: ${counts.active}`),
    info(`  - 已结束聊天室: ${counts.ended}`),
    info(`  - 等待匹配: ${counts.waiting}`),
  ];
}

/** All that a run of the calendar says when it found nothing to do. */
export function quietLine(): CleanupLine {
  return info(`清理完成！${sumText([])}`);
}

function sumText(rooms: readonly EndedRoom[]): string {
  const count = rooms.filter(({ error }) => error === undefined).length;
  return `本次清理: ${count} 个聊天室`;
}

function info(text: string): CleanupLine {
  return { level: "INFO", text };
}
