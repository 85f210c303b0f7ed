/**
 * Finding the room that a path names.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";
import type { StoredRoom } from "../store/store.ts";
import type {
  HistoryStore,
  Recorder,
  RoomDirectory,
  RoomHandle,
} from "./ports.ts";

/** Where history is read. */
export interface HistorySources {
  readonly recorder: Recorder;
  readonly store: HistoryStore;
}

/**
 * A room that has not ended.
 *
 * @throws {ChatError} `room_not_found`.
 */
export function liveRoom(rooms: RoomDirectory, roomId: string): RoomHandle {
  const room = rooms.get(roomId);
  if (room === undefined) throw roomNotFound(roomId);
  return room;
}

/**
 * Makes sure that a room's history can be read: the room exists, ended or not,
 * and what was accepted for it is in the database.
 *
 * @throws {ChatError} `room_not_found`.
 */
export async function flushedRoom(
  { recorder, store }: HistorySources,
  roomId: string,
): Promise<StoredRoom> {
  await recorder.flushRoom(roomId);
  const stored = await store.room(roomId);
  if (stored !== undefined) return stored;
  throw roomNotFound(roomId);
}

/** The refusal, in the seed's words. */
export function roomNotFound(roomId: string): ChatError {
  const message = `Room ${roomId} not found`;
  return new ChatError("room_not_found", { message });
}
