/**
 * Events: what a backend is told of, written with the change that caused it.
 *
 * The statements join the group of the record that they tell of, so a record
 * that is known already tells nothing again. An id is made of its cause's, so
 * that an event is the same however often it is written.
 *
 * @module
 */

import {
  type CallbackData,
  type CallbackEvent,
  type CallbackPlan,
  type CallbackType,
  ENDPOINT_OF,
  type EndpointName,
  SNAPSHOT_TYPES,
} from "../wire/callback.ts";
import type { LogEntry } from "../wire/entry.ts";
import type { DurableRecord, NewRoom, OpenedSession } from "../wire/record.ts";
import { integer, json, storable, text } from "./row.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";

/** The columns that {@linkcode eventOf} reads. */
export const EVENT_COLUMNS =
  "event.number, event.id, event.room_id, event.type, event.at, event.data";

/** {@linkcode SNAPSHOT_TYPES} as a list in SQL. */
export const SNAPSHOTS_SQL = `(${
  SNAPSHOT_TYPES.map((type) => `'${type}'`).join(", ")
})`;

/** What the ids of snapshots begin with. */
export const SNAPSHOT_PREFIX = {
  PeriodicSync: "periodic",
  RoomSync: "sync",
} as const;

/** Most records are messages, which tell nothing by themselves. */
const NOTHING: readonly SqlStatement[] = [];

const INSERT_EVENT = `INSERT OR IGNORE INTO event (
    id, room_id, type, at, data, endpoint, state, queued_at,
    count_before, to_before
  ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4, ?8, ?9)`;

const INSERT_LEFT = `INSERT OR IGNORE INTO event (
    id, room_id, type, at, data, endpoint, state, queued_at
  ) SELECT 'left_' || id, room_id, 'UserLeft', left_at, json_object(
      'userId', user_id,
      'sessionId', id,
      'durationSecs', left_at / 1000 - joined_at / 1000
    ), ?, ?, left_at`;

const LEFT_SESSION = `${INSERT_LEFT} FROM session WHERE id = ?`;

// Where the stay began later than the instant, it ends when it began.
const LEFT_ORPHANS = `${INSERT_LEFT} FROM (
    SELECT id, room_id, user_id, joined_at, number,
      max(joined_at, CAST(? AS INTEGER)) AS left_at
    FROM session WHERE left_at IS NULL
  ) ORDER BY left_at, number`;

/** An event as it is made. */
export interface NewEvent<Type extends CallbackType = CallbackType> {
  readonly id: string;
  readonly roomId: string;
  readonly type: Type;
  /** Epoch ms. */
  readonly at: number;
  readonly data: CallbackData[Type];
  /** Of a batch: how much the batches before it hold, and where they end. */
  readonly before?: { readonly count: number; readonly to: number };
}

/** Where events of a type go, and whether they wait for it. */
export function placeOf(
  type: CallbackType,
  plan: CallbackPlan,
): { endpoint: EndpointName; state: "pending" | null } {
  const endpoint = ENDPOINT_OF[type];
  return { endpoint, state: plan.endpoints.has(endpoint) ? "pending" : null };
}

/** Writes an event, unless there is one of its id. */
export function insertEvent<Type extends CallbackType>(
  event: NewEvent<Type>,
  plan: CallbackPlan,
): SqlStatement {
  const { id, roomId, type, at, data, before } = event;
  const { endpoint, state } = placeOf(type, plan);
  const what = [id, roomId, type, at, JSON.stringify(data)];
  const past = [before?.count ?? null, before?.to ?? null];
  return { sql: INSERT_EVENT, params: [...what, endpoint, state, ...past] };
}

/** What a record tells; it belongs behind what the record does. */
export function eventsOf(
  record: DurableRecord,
  plan: CallbackPlan,
): readonly SqlStatement[] {
  switch (record.type) {
    case "room_created":
      return roomCreated(record.room, plan);
    case "entry":
      return plan.hasExtra ? moderated(record.entry, plan) : NOTHING;
    case "session_opened":
      return [userJoined(record.session, plan)];
    case "session_closed": {
      const { endpoint, state } = placeOf("UserLeft", plan);
      const params = [endpoint, state, record.session.id];
      return [{ sql: LEFT_SESSION, params }];
    }
    case "room_queried":
    case "link_requested":
    case "link_settled":
      return NOTHING;
  }
}

/**
 * Tells of every open stay that it ended at an instant, or when it began if
 * that was later. It belongs before what ends them.
 */
export function orphansLeft(at: number, plan: CallbackPlan): SqlStatement {
  const { endpoint, state } = placeOf("UserLeft", plan);
  return { sql: LEFT_ORPHANS, params: [endpoint, state, at] };
}

function roomCreated(room: NewRoom, plan: CallbackPlan): SqlStatement[] {
  const { id: roomId, createdAt: at } = room;
  const adminUserIds = [...new Set(room.adminUserIds.map(storable))];
  const created = insertEvent({
    id: `created_${roomId}`,
    roomId,
    type: "RoomCreated",
    at,
    data: { roomName: storable(room.name), adminUserIds },
  }, plan);
  const sync = snapshotOf("RoomSync", { roomId, at }, plan);
  return sync === undefined ? [created] : [created, sync];
}

/** How a room stands, for whoever wants to know; nobody keeps one otherwise. */
export function snapshotOf(
  type: "PeriodicSync" | "RoomSync",
  { roomId, at }: { readonly roomId: string; readonly at: number },
  plan: CallbackPlan,
): SqlStatement | undefined {
  if (placeOf(type, plan).state === null) return undefined;
  const id = `${SNAPSHOT_PREFIX[type]}_${roomId}_${at}`;
  return insertEvent({ id, roomId, type, at, data: {} }, plan);
}

function userJoined(
  session: OpenedSession,
  plan: CallbackPlan,
): SqlStatement {
  const { id: sessionId, roomId, joinedAt: at } = session;
  const data = { userId: storable(session.userId), sessionId };
  const id = `joined_${sessionId}`;
  return insertEvent({ id, roomId, type: "UserJoined", at, data }, plan);
}

function moderated(
  entry: LogEntry,
  plan: CallbackPlan,
): readonly SqlStatement[] {
  const extra = extraOf(entry);
  if (extra === undefined) return NOTHING;
  const { roomId, at } = entry;
  const event = { id: `entry_${entry.id}`, roomId, at, ...extra };
  return [insertEvent(event, plan)];
}

/** What an admin did, when it is one of what backends are told of. */
function extraOf(
  entry: LogEntry,
): Pick<NewEvent, "type" | "data"> | undefined {
  const { seq } = entry;
  const actor = entry.actor === null ? null : storable(entry.actor);
  const by = { actor, seq };
  switch (entry.kind) {
    case "message":
    case "relay":
    case "live":
    case "custom_event":
    case "system":
    case "read":
    case "open":
    case "admins":
    case "settings":
    case "end":
      return undefined;
    case "kick":
      return { type: "UserKicked", data: { ...target(entry), ...by } };
    case "ban":
      return { type: "UserBanned", data: { ...penalized(entry), ...by } };
    case "unban":
      return { type: "UserUnbanned", data: { ...target(entry), ...by } };
    case "mute":
      return { type: "UserMuted", data: { ...penalized(entry), ...by } };
    case "unmute":
      return { type: "UserUnmuted", data: { ...target(entry), ...by } };
    case "delete": {
      const messageSeq = entry.payload.seq;
      return { type: "MessageDeleted", data: { messageSeq, ...by } };
    }
  }
}

function target(
  { payload }: LogEntry<"kick" | "ban" | "unban" | "mute" | "unmute">,
): { userId: string } {
  return { userId: storable(payload.userId) };
}

function penalized(
  entry: LogEntry<"ban" | "mute">,
): { userId: string; until: number | null } {
  return { ...target(entry), until: entry.payload.until };
}

/** What a row says. */
export function eventOf(row: SqlRow): CallbackEvent {
  return {
    number: integer(row, "number"),
    id: text(row, "id"),
    roomId: text(row, "room_id"),
    type: text(row, "type"),
    at: integer(row, "at"),
    data: json(row, "data"),
  } as CallbackEvent;
}
