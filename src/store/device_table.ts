/**
 * Devices: where each was last, and its stays.
 *
 * @module
 */

import type { StoredDevice } from "../wire/device.ts";
import type { OpenedSession } from "../wire/record.ts";
import { integer, integerOrNull, storable, text } from "./row.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";
import type { DevicePurge, DeviceQuery, DeviceStay } from "./store.ts";

// Records of two rooms may come in the other order than they were made in: the
// last room is that of the stay that began last. Each column is worked out from
// the row as it was.
const UPSERT_DEVICE = `INSERT INTO device (
    id, first_connected_at, last_connected_at, last_room_id, last_identity
  ) VALUES (?1, ?2, ?2, ?3, ?4)
  ON CONFLICT DO UPDATE SET
    first_connected_at = min(first_connected_at, ?2),
    last_connected_at = max(last_connected_at, ?2),
    last_room_id = iif(?2 < last_connected_at, last_room_id, ?3),
    last_identity = iif(?2 < last_connected_at, last_identity, ?4)`;

const SELECT_HOMES = `SELECT device.id, device.last_room_id
  FROM json_each(?) CROSS JOIN device ON device.id = value`;

const SELECT_DEVICES = `SELECT * FROM device WHERE id > ?
  ORDER BY id LIMIT ?`;

const SELECT_DEVICES_OF = `SELECT * FROM device INDEXED BY device_by_room
  WHERE id > ? AND last_room_id = ? ORDER BY id LIMIT ?`;

const SELECT_STAYS = `SELECT * FROM session INDEXED BY session_by_device
  WHERE user_id = ? AND after_seq IS NOT NULL
  ORDER BY joined_at DESC, number DESC LIMIT ?`;

const IS_CONNECTED = `EXISTS (
    SELECT 1 FROM session INDEXED BY session_disconnected
    WHERE disconnected_at IS NULL AND user_id = device.id
    AND after_seq IS NOT NULL
  )`;

// When the first of the newest devices connected. It stays the same while
// older ones are removed, and nobody who is kept was gone before it.
const KEPT_SINCE = `ifnull((
    SELECT last_connected_at FROM device INDEXED BY device_by_last
    ORDER BY last_connected_at DESC LIMIT 1 OFFSET ?2 - 1
  ), 0)`;

const GONE_BEFORE = `max(?1, ${KEPT_SINCE})`;

// A stay may have ended long after it began.
const PURGE_DEVICES = `DELETE FROM device WHERE id IN (
    SELECT id FROM device INDEXED BY device_by_last
    WHERE last_connected_at < ${GONE_BEFORE} AND NOT ${IS_CONNECTED}
    AND ifnull((
      SELECT left_at FROM session INDEXED BY session_by_device
      WHERE user_id = device.id AND after_seq IS NOT NULL
      ORDER BY joined_at DESC LIMIT 1
    ), 0) < ${GONE_BEFORE}
    ORDER BY last_connected_at LIMIT ?3
  )`;

/** A device came into a room. */
export function upsertDevice(session: OpenedSession): SqlStatement {
  const { joinedAt, nickname, roomId, userId } = session;
  const params = [storable(userId), joinedAt, roomId, storable(nickname)];
  return { sql: UPSERT_DEVICE, params };
}

/** The last room of each of these devices that is known. */
export function selectHomes(deviceIds: readonly string[]): SqlStatement {
  const wanted = [...new Set(deviceIds.map(storable))];
  return { sql: SELECT_HOMES, params: [JSON.stringify(wanted)] };
}

/** What a row of {@linkcode selectHomes} says. */
export function homeOf(row: SqlRow): [deviceId: string, roomId: string] {
  return [text(row, "id"), text(row, "last_room_id")];
}

/** Devices by id, ascending; of one room, or all. */
export function selectDevices(
  { afterId = "", limit, roomId }: DeviceQuery,
): SqlStatement {
  if (roomId === undefined) {
    return { sql: SELECT_DEVICES, params: [afterId, limit] };
  }
  return { sql: SELECT_DEVICES_OF, params: [afterId, roomId, limit] };
}

/** At most one row. */
export function selectDevice(deviceId: string): SqlStatement {
  const params = [storable(deviceId)];
  return { sql: "SELECT * FROM device WHERE id = ?", params };
}

/** What a row of a device says. */
export function deviceOf(row: SqlRow): StoredDevice {
  return {
    deviceId: text(row, "id"),
    firstConnectedAt: integer(row, "first_connected_at"),
    lastConnectedAt: integer(row, "last_connected_at"),
    lastRoomId: text(row, "last_room_id"),
    lastIdentity: text(row, "last_identity"),
  };
}

/** A device's stays, newest first. */
export function selectDeviceStays(
  deviceId: string,
  limit: number,
): SqlStatement {
  return { sql: SELECT_STAYS, params: [storable(deviceId), limit] };
}

/** What a row of {@linkcode selectDeviceStays} says. */
export function deviceStayOf(row: SqlRow): DeviceStay {
  return {
    sessionId: text(row, "id"),
    roomId: text(row, "room_id"),
    identity: text(row, "nickname"),
    ip: text(row, "ip"),
    connectedAt: integer(row, "joined_at"),
    disconnectedAt: integerOrNull(row, "left_at"),
    closeCode: integerOrNull(row, "close_code"),
  };
}

/** Removes devices that are gone for too long, or are too many. */
export function purgeDevices(
  { lastBefore, limit, rowsMax }: DevicePurge,
): SqlGroup {
  return [{ sql: PURGE_DEVICES, params: [lastBefore, rowsMax, limit] }];
}
