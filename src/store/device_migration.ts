/**
 * The step that brings device rooms: what devices send, who they are, and the
 * tables under which scripts of the reference server look for both.
 *
 * A stay in a device room has `after_seq`, and no other stay has. Every index
 * here holds rows of device rooms alone, so that what is written elsewhere
 * costs what it did. Two times are columns of text, as the views tell them: an
 * index on `datetime()` makes every insert slower, of rows too that are not in
 * it.
 *
 * @module
 */

/** SQLite's greatest number: a stay that goes on hears all that comes. */
const FOREVER = "9223372036854775807";

/** The views tell times as UTC text, as `YYYY-MM-DD HH:MM:SS`. */
function utc(column: string): string {
  return `datetime(${column} / 1000, 'unixepoch')`;
}

/** Until which number of its room's log a stay hears. */
function heardThrough(session: string): string {
  return `ifnull(${session}through_seq, ${FOREVER})`;
}

const MESSAGE_TYPE =
  "iif(entry.payload ->> '$.to' IS NULL, 'broadcast', 'direct')";

/**
 * A condition in SQL: a stay was told of a message. The numbers are compared
 * twice: the plus sign lets an index find the stays of a message, and without
 * it the messages of a stay are found by their numbers.
 */
const WAS_TOLD = `hearer.room_id = entry.room_id
  AND hearer.after_seq < entry.seq
  AND ${heardThrough("hearer.")} >= +entry.seq
  AND ${heardThrough("hearer.")} >= entry.seq
  AND hearer.id IS NOT entry.payload ->> '$.sessionId'
  AND hearer.user_id = ifnull(entry.payload ->> '$.to', hearer.user_id)`;

/** Statements in order, from the tables of version 3. */
export const DEVICE_MIGRATION: readonly string[] = [
  // The first room of a line of device rooms; null is the room itself.
  `ALTER TABLE room ADD COLUMN origin_id TEXT`,

  // When a device sent it; null of all else. body is what it sent: text, or the
  // bytes of a binary frame. That comes last, so that reading the other columns
  // reads none of it.
  `ALTER TABLE log_entry ADD COLUMN sent_at TEXT`,
  `ALTER TABLE log_entry ADD COLUMN body`,
  `CREATE INDEX log_sent ON log_entry (sent_at) WHERE sent_at IS NOT NULL`,

  // A stay heard of after_seq < seq <= through_seq; of all that follows while
  // it goes on.
  `ALTER TABLE session ADD COLUMN after_seq INTEGER`,
  `ALTER TABLE session ADD COLUMN through_seq INTEGER`,
  `ALTER TABLE session ADD COLUMN disconnected_at TEXT`,
  // Stays of a device, newest first.
  `CREATE INDEX session_by_device ON session (user_id, joined_at)
    WHERE after_seq IS NOT NULL`,
  // Who is connected, and who was since an instant.
  `CREATE INDEX session_disconnected ON session (disconnected_at, user_id)
    WHERE after_seq IS NOT NULL`,
  // Who heard a message: of a room's stays, only those that did not end before.
  `CREATE INDEX session_hearing ON session (room_id, ${heardThrough("")})
    WHERE after_seq IS NOT NULL`,

  `CREATE TABLE device (
    id TEXT PRIMARY KEY,
    first_connected_at INTEGER NOT NULL,
    last_connected_at INTEGER NOT NULL,
    last_room_id TEXT NOT NULL,
    last_identity TEXT NOT NULL
  ) WITHOUT ROWID`,
  // Devices of a room, by id; those to forget.
  `CREATE INDEX device_by_room ON device (last_room_id, id)`,
  `CREATE INDEX device_by_last ON device (last_connected_at)`,

  `CREATE TABLE room_query (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    room_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    at INTEGER NOT NULL
  )`,
  `CREATE INDEX room_query_by_room ON room_query (room_id)`,

  // The tables of both reference servers. That of rooms is in either: scripts
  // of the first read seconds, and those of the second, of devices, UTC text.
  `DROP VIEW rooms`,
  `CREATE VIEW rooms AS
    SELECT id, name,
      iif(kind = 'device', ${utc("created_at")}, created_at / 1000)
        AS created_at,
      id AS room_id
    FROM room`,
  `CREATE VIEW devices AS
    SELECT id AS device_id,
      ${utc("first_connected_at")} AS first_connected_at,
      ${utc("last_connected_at")} AS last_connected_at,
      last_room_id, last_identity
    FROM device`,
  `CREATE VIEW connections AS
    SELECT number AS id, user_id AS device_id, room_id, nickname AS identity,
      ${utc("joined_at")} AS connected_at, disconnected_at, ip AS client_ip
    FROM session WHERE after_seq IS NOT NULL`,
  // A row for each connection that a message was sent to. Its id is made of the
  // message's number in its room, times 2^30, and the connection's id: it grows
  // with the room's log, and may be beyond what a double holds exactly.
  `CREATE VIEW messages AS
    SELECT entry.seq * 1073741824 + hearer.number AS id,
      entry.actor AS from_device_id, hearer.user_id AS to_device_id,
      entry.room_id AS room_id, entry.body AS message_content,
      ${MESSAGE_TYPE} AS message_type, entry.sent_at AS sent_at
    FROM log_entry AS entry JOIN session AS hearer ON ${WAS_TOLD}
    WHERE entry.sent_at IS NOT NULL`,
  // A row a message, heard or not, under the id that clients know.
  `CREATE VIEW device_messages AS
    SELECT entry.id AS id, entry.actor AS from_device_id,
      entry.payload ->> '$.to' AS to_device_id, entry.room_id AS room_id,
      entry.body AS message_content, ${MESSAGE_TYPE} AS message_type,
      entry.sent_at AS sent_at,
      (SELECT count(*) FROM session AS hearer WHERE ${WAS_TOLD}) AS recipients
    FROM log_entry AS entry WHERE entry.sent_at IS NOT NULL`,
  `CREATE VIEW room_queries AS
    SELECT number AS id, user_id AS device_id, room_id,
      ${utc("at")} AS queried_at
    FROM room_query`,
];
