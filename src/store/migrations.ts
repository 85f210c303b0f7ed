/**
 * The database's tables, as numbered steps from an empty file.
 *
 * A step that was released is never changed: a new one is added at the end.
 * The number of steps a database has taken is its `user_version`.
 *
 * No column has a constraint that an accepted record could break: a record
 * that the database refuses would be tried for ever, and all after it wait.
 *
 * @module
 */

/** Statements in order; the first item takes a database from 0 to 1. */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    // What is known of the server itself; `alive_at` is epoch ms.
    `CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID`,

    `CREATE TABLE room (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      epoch TEXT NOT NULL,
      name TEXT NOT NULL,
      slow_mode_secs INTEGER,
      members_max INTEGER,
      pinned TEXT,
      auto_close INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      status TEXT NOT NULL DEFAULT 'active',
      ended_at INTEGER,
      last_seq INTEGER NOT NULL DEFAULT 0,
      peak_users INTEGER NOT NULL DEFAULT 0,
      total_joins INTEGER NOT NULL DEFAULT 0,
      last_message_at INTEGER,
      last_left_at INTEGER
    ) WITHOUT ROWID`,
    // The operator's list, newest first.
    `CREATE INDEX room_by_created ON room (created_at, id)`,
    // The same without ended rooms, which only grow; recovery reads it too.
    `CREATE INDEX room_active ON room (created_at, id) WHERE status = 'active'`,

    `CREATE TABLE room_admin (
      room_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      PRIMARY KEY (room_id, user_id)
    ) WITHOUT ROWID`,
    `CREATE TABLE room_ban (
      room_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      until INTEGER,
      at INTEGER NOT NULL,
      PRIMARY KEY (room_id, user_id)
    ) WITHOUT ROWID`,
    `CREATE TABLE room_mute (
      room_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      until INTEGER,
      at INTEGER NOT NULL,
      PRIMARY KEY (room_id, user_id)
    ) WITHOUT ROWID`,

    `CREATE TABLE log_entry (
      room_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      id TEXT NOT NULL,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      actor TEXT,
      payload TEXT NOT NULL,
      deleted_at INTEGER,
      chat_at INTEGER,
      named_at INTEGER,
      PRIMARY KEY (room_id, seq)
    ) WITHOUT ROWID`,
    // Pages of chat, and their total, without a look at what is not on them.
    // chat_at is at, of a message that is not deleted. It is a column because
    // SQLite would read each entry to see its kind, whatever an index says.
    `CREATE INDEX log_chat ON log_entry (room_id, chat_at, seq)
      WHERE chat_at IS NOT NULL`,
    // Sends of the last minutes, of all rooms at once, for recovery. named_at
    // is at, of a message that its sender named.
    `CREATE INDEX log_named ON log_entry (named_at) WHERE named_at IS NOT NULL`,

    `CREATE TABLE session (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      room_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      nickname TEXT NOT NULL,
      ip TEXT NOT NULL,
      joined_at INTEGER NOT NULL,
      left_at INTEGER,
      close_code INTEGER
    )`,
    // Pages of stays, newest first.
    `CREATE INDEX session_by_join ON session (room_id, joined_at)`,
    // What a crash left open, and how many of a page's total still go on.
    `CREATE INDEX session_open ON session (room_id, joined_at)
      WHERE left_at IS NULL`,

    // The reference server's tables, for scripts that read its database. Times
    // are in seconds. A chat message's id counts within its room.
    `CREATE VIEW rooms AS
      SELECT id, name, created_at / 1000 AS created_at, id AS room_id FROM room`,
    `CREATE VIEW room_admins AS SELECT room_id, user_id FROM room_admin`,
    `CREATE VIEW room_bans AS
      SELECT room_id, user_id FROM room_ban
      WHERE until IS NULL OR until > unixepoch() * 1000`,
    `CREATE VIEW chat_history AS
      SELECT seq AS id, room_id, actor AS user_id,
        payload ->> '$.nickname' AS nickname,
        payload ->> '$.content' AS content,
        chat_at / 1000 AS created_at
      FROM log_entry WHERE chat_at IS NOT NULL`,
    `CREATE VIEW room_sessions AS
      SELECT number AS id, room_id, user_id, nickname,
        joined_at / 1000 AS join_time,
        left_at / 1000 AS leave_time,
        left_at / 1000 - joined_at / 1000 AS duration_seconds
      FROM session`,
  ],
];
