/**
 * What happened in a room, as the room-events endpoint is told (COMPAT 2.3).
 *
 * The event's row has all of it, so nothing is read. `timestamp` is in unix
 * seconds, `until` in epoch ms.
 *
 * @module
 */

import { toSecs } from "../base/unix_time.ts";
import type { CallbackEvent, CallbackType } from "../wire/callback.ts";

/** The types that say what happened, with nothing to be read for them. */
export type RoomEventType = Exclude<
  CallbackType,
  "ChatHistoryBatch" | "SessionHistoryBatch" | "PeriodicSync" | "RoomSync"
>;

/** Makes the body of an event. */
export function roomEventBody(event: CallbackEvent<RoomEventType>): object {
  return {
    event_type: event.type,
    room_id: event.roomId,
    ...factsOf(event),
    timestamp: toSecs(event.at),
  };
}

function factsOf(event: CallbackEvent<RoomEventType>): object {
  switch (event.type) {
    case "RoomCreated":
      return {
        room_name: event.data.roomName,
        admin_ids: event.data.adminUserIds,
      };
    case "RoomClosed":
      return { final_stats: statsBody(event.data) };
    case "UserJoined":
      return { user_id: event.data.userId, session_id: event.data.sessionId };
    case "UserLeft":
      return {
        user_id: event.data.userId,
        duration: event.data.durationSecs,
        session_id: event.data.sessionId,
      };
    case "UserBanned":
    case "UserMuted":
      return { ...moderated(event.data), until: event.data.until };
    case "UserKicked":
    case "UserUnbanned":
    case "UserUnmuted":
      return moderated(event.data);
    case "MessageDeleted":
      return {
        seq: event.data.messageSeq,
        by: event.data.actor,
        entry_seq: event.data.seq,
      };
  }
  event satisfies never;
}

function moderated(
  { userId, actor, seq }: CallbackEvent<"UserKicked">["data"],
): object {
  return { user_id: userId, by: actor, seq };
}

/** Counts of a room's people. */
export function statsBody(
  { currentUsers, peakUsers, totalJoins }: CallbackEvent<"RoomClosed">["data"],
): object {
  return {
    current_users: currentUsers,
    peak_users: peakUsers,
    total_joins: totalJoins,
  };
}
