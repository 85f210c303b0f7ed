/**
 * The rooms that links feed, as links see them.
 *
 * @module
 */

import type { LiveMessage, LiveNews } from "../wire/live.ts";

/** Most messages that one feed brings. */
export const FEED_MESSAGES_MAX = 200;

/** A live room that has not ended. */
export interface LiveRoom {
  readonly id: string;
  /** Who watches now. */
  readonly watcherCount: number;
  /**
   * Has messages kept and told.
   *
   * @param messages 1 to `FEED_MESSAGES_MAX`, in order.
   * @returns how many were kept, from the first on, and the last one's number.
   * @throws {ChatError} `busy` or `room_ended` when none was.
   */
  feed(
    messages: readonly LiveMessage[],
    isUrgent: boolean,
  ): Promise<{ readonly keptCount: number; readonly lastSeq: number }>;
  /** Tells those who watch; what cannot be told now is not. */
  announce(news: LiveNews): void;
}

/** The live rooms. */
export interface LiveRooms {
  /** The room of a live id that has not ended. */
  find(liveId: string): LiveRoom | undefined;
  /**
   * Makes the room of a live id that has none.
   *
   * @throws {ChatError} `too_many_rooms` or `storage_unavailable`.
   */
  create(liveId: string): LiveRoom;
}
