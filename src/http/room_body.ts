/**
 * A room as the management API shows it.
 *
 * Names and flattened counts are the seed's (COMPAT 2.2); what Parlor adds
 * stands beside them. `start_time` and `end_time` are unix seconds, every other
 * instant is epoch ms.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { toSecs } from "../base/unix_time.ts";
import type { RoomFacts } from "../room/room_facts.ts";
import type { RoomSettings } from "../wire/entry.ts";
import type { StoredRoom } from "../store/store.ts";

/** One row of the list of rooms. */
export interface RoomRow {
  readonly room_id: string;
  readonly room_name: string;
  readonly admin_user_ids: readonly string[];
  readonly start_time: number;
  readonly current_users: number;
  readonly peak_users: number;
  readonly total_joins: number;
}

/** Whether a room goes on, and since when not. */
export interface RoomStatus {
  readonly status: "active" | "ended";
  readonly end_time: number | null;
}

/** What an operator may set. */
export interface SettingsBody {
  readonly name: string;
  readonly slow_mode_secs: number | null;
  readonly max_members: number | null;
  readonly pinned: string | null;
}

/** Everything about a room but its people. */
export interface RoomDetail extends RoomRow, RoomStatus {
  readonly kind: string;
  /** The first room of a device room's line, where it is another one. */
  readonly origin_id?: string;
  /** Of a live room: what it is fed from. */
  readonly live_id?: string;
  readonly auto_close: boolean;
  readonly epoch: string;
  readonly last_seq: number;
  readonly session_count: number;
  readonly last_message_at: number | null;
  readonly settings: SettingsBody;
}

/** A room in the live view, with what its rates come from. */
export interface BusyRoom {
  readonly room_id: string;
  readonly room_name: string;
  readonly current_users: number;
  readonly session_count: number;
  readonly peak_users: number;
  readonly total_joins: number;
  readonly last_seq: number;
  readonly last_message_at: number | null;
}

/** Makes a row of the list. */
export function roomRow(roomId: string, facts: RoomFacts): RoomRow {
  return {
    room_id: roomId,
    room_name: facts.name,
    admin_user_ids: facts.adminUserIds,
    start_time: toSecs(facts.createdAt),
    current_users: facts.currentUsers,
    peak_users: facts.peakUsers,
    total_joins: facts.totalJoins,
  };
}

/** Makes the status from when the room ended, in epoch ms, or `null`. */
export function roomStatus(endedAt: number | null): RoomStatus {
  return {
    status: endedAt === null ? "active" : "ended",
    end_time: endedAt === null ? null : toSecs(endedAt),
  };
}

/** Makes the detail of a room. */
export function roomDetail(
  roomId: string,
  facts: RoomFacts,
  endedAt: number | null,
): RoomDetail {
  const originId = facts.device?.originId ?? null;
  const liveId = facts.live?.liveId;
  return {
    ...roomRow(roomId, facts),
    ...roomStatus(endedAt),
    kind: facts.kind,
    ...(originId === null ? {} : { origin_id: originId }),
    ...(liveId === undefined ? {} : { live_id: liveId }),
    auto_close: facts.autoClose,
    epoch: facts.epoch,
    last_seq: facts.lastSeq,
    session_count: facts.sessions,
    last_message_at: facts.lastMessageAt,
    settings: settingsBody(facts),
  };
}

/** Makes a row of the live view. */
export function busyRoom(roomId: string, facts: RoomFacts): BusyRoom {
  return {
    room_id: roomId,
    room_name: facts.name,
    current_users: facts.currentUsers,
    session_count: facts.sessions,
    peak_users: facts.peakUsers,
    total_joins: facts.totalJoins,
    last_seq: facts.lastSeq,
    last_message_at: facts.lastMessageAt,
  };
}

/** Shows settings. */
export function settingsBody(settings: RoomSettings): SettingsBody {
  return {
    name: settings.name,
    slow_mode_secs: settings.slowModeSecs,
    max_members: settings.membersMax,
    pinned: settings.pinned,
  };
}

/** A room of the database, where nobody is. */
export function storedFacts(room: StoredRoom): RoomFacts {
  const emptySinceAt = room.lastLeftAt ?? room.createdAt;
  const chat = room.chat ?? null;
  const device = room.device ?? null;
  const nobody = { currentUsers: 0, sessions: 0, emptySinceAt };
  return { ...room, chat, device, live: storedLive(room), ...nobody };
}

/** The database knows what a room is fed from, and nothing of the link. */
function storedLive({ live }: StoredRoom): RoomFacts["live"] {
  if (live === undefined) return null;
  return { liveId: live.liveId, state: null, isWanted: null };
}
