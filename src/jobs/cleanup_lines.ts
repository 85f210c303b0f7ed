/**
 * What the reference system's cleanup says, for those who read its log with
 * their own scripts (COMPAT 0.2).
 *
 * It knows nothing of device and live rooms, so they have lines of their own:
 * whoever counts rooms of users in it goes on to count those alone.
 *
 * @module
 */

import type { RoomKind } from "../wire/record.ts";

/** What rooms are called, by kind. */
const USERS = "聊天室";
const DEVICES = "设备房间";
const LIVE = "直播间";

/** How many rooms there are, by status. */
export interface RoomCounts {
  readonly active: number;
  readonly ended: number;
  readonly waiting: number;
}

/** A room that was ended, or could not be. */
export interface EndedRoom {
  readonly roomId: string;
  /** Absent is a kind of users. */
  readonly kind?: RoomKind | undefined;
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
  return rooms.map((room) => {
    const { roomId, error } = room;
    const what = roomWord(room);
    return error === undefined
      ? info(`已清理${what}: ${roomId}`)
      : { level: "ERROR", text: `清理${what} ${roomId} 时出错: ${error}` };
  });
}

/** The block at the end of a run; without counts if there are none. */
export function closingLines(
  rooms: readonly EndedRoom[],
  counts: RoomCounts | undefined,
): CleanupLine[] {
  const done = [info("清理完成！"), ...sumLines(rooms)];
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
  return info(`清理完成！${sumText(0)}`);
}

/** Of rooms that are not of users only where some were ended. */
function sumLines(rooms: readonly EndedRoom[]): CleanupLine[] {
  const counts = new Map<string, number>();
  for (const room of rooms) {
    if (room.error !== undefined) continue;
    const word = roomWord(room);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const ofUsers = info(sumText(counts.get(USERS) ?? 0));
  const others = [DEVICES, LIVE].flatMap((word) => {
    const count = counts.get(word);
    return count === undefined ? [] : [info(sumText(count, word))];
  });
  return [ofUsers, ...others];
}

function sumText(count: number, word: string = USERS): string {
  return `本次清理: ${count} 个${word}`;
}

/** What a room is called, by its kind. */
export function roomWord({ kind }: Pick<EndedRoom, "kind">): string {
  switch (kind) {
    case "device":
      return DEVICES;
    case "live":
      return LIVE;
    default:
      return USERS;
  }
}

function info(text: string): CleanupLine {
  return { level: "INFO", text };
}
