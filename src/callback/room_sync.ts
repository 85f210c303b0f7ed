/**
 * A room as a backend is told how it stands, whether it pulls or is called.
 *
 * Both shapes are the seed's, counts flattened (COMPAT 2.2); instants are unix
 * seconds.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { toSecs } from "../base/unix_time.ts";
import type { ChatLine } from "./outbox.ts";
import {
  type ChatRecord,
  chatRecord,
  type SessionRecord,
  sessionRecord,
  type StayLine,
} from "./record_body.ts";

/**
 * Most messages, and most stays, that {@linkcode DataSyncPayload} has of a
 * room: the newest. It has no pages; batches and pages have the rest.
 */
export const SYNC_RECORDS_MAX = 10_000;

/** What both shapes are made from. */
export interface RoomFigures {
  readonly name: string;
  readonly adminUserIds: readonly string[];
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms; `null` when nobody spoke yet. */
  readonly lastMessageAt: number | null;
  readonly currentUsers: number;
  /** How many sessions are open; a user may have several. */
  readonly sessions: number;
  readonly peakUsers: number;
  readonly totalJoins: number;
}

/** A room in short. */
export interface RoomBasicInfo {
  readonly room_id: string;
  readonly room_name: string;
  readonly admin_user_ids: readonly string[];
  readonly current_connections: number;
  readonly created_at: number;
  readonly last_activity: number;
}

/** A room with its history, newest first: the oldest form. */
export interface DataSyncPayload {
  readonly room_id: string;
  readonly admin_user_ids: readonly string[];
  readonly start_time: number;
  readonly current_users: number;
  readonly peak_users: number;
  readonly total_joins: number;
  readonly chat_history: readonly ChatRecord[];
  readonly session_history: readonly SessionRecord[];
}

/** Makes one. */
export function roomBasicInfo(
  roomId: string,
  figures: RoomFigures,
): RoomBasicInfo {
  return {
    room_id: roomId,
    room_name: figures.name,
    admin_user_ids: figures.adminUserIds,
    current_connections: figures.sessions,
    created_at: toSecs(figures.createdAt),
    last_activity: toSecs(figures.lastMessageAt ?? figures.createdAt),
  };
}

/** Makes one from what is newest in a room, newest first. */
export function dataSyncPayload(
  roomId: string,
  figures: RoomFigures,
  { chat, stays }: {
    readonly chat: readonly Omit<ChatLine, "id" | "seq">[];
    readonly stays: readonly StayLine[];
  },
): DataSyncPayload {
  return {
    room_id: roomId,
    admin_user_ids: figures.adminUserIds,
    start_time: toSecs(figures.createdAt),
    current_users: figures.currentUsers,
    peak_users: figures.peakUsers,
    total_joins: figures.totalJoins,
    chat_history: chat.map(chatRecord),
    session_history: stays.map(sessionRecord),
  };
}
