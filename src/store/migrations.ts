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

import { DEVICE_MIGRATION } from "./device_migration.ts";
import { LIVE_MIGRATION } from "./live_migration.ts";

/** Within a trigger: `old` is an event that is not pending any more. */
const DELETE_EMPTY_LANE = `DELETE FROM callback_lane
  WHERE room_id = old.room_id AND endpoint = old.endpoint AND NOT EXISTS (
    SELECT 1 FROM event WHERE state = 'pending'
    AND endpoint = old.endpoint AND room_id = old.room_id
  )`;

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
  [
    // Stays in the order in which they ended: 1, 2, 3… in a room.
    `ALTER TABLE session ADD COLUMN leave_seq INTEGER`,
    `UPDATE session SET leave_seq = ended.place
      FROM (
        SELECT number, row_number() OVER (
          PARTITION BY room_id ORDER BY left_at, number
        ) AS place
        FROM session WHERE left_at IS NOT NULL
      ) AS ended
      WHERE session.number = ended.number`,
    `CREATE INDEX session_by_leave ON session (room_id, leave_seq)
      WHERE leave_seq IS NOT NULL`,

    // How far a room's log is in batches: the last seq that was looked at, the
    // last message and the number of messages within, the number of batches.
    `ALTER TABLE room ADD COLUMN chat_mark INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE room ADD COLUMN chat_last INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE room ADD COLUMN chat_batched INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE room ADD COLUMN chat_batches INTEGER NOT NULL DEFAULT 0`,
    // The same of its stays, by leave_seq.
    `ALTER TABLE room ADD COLUMN leave_mark INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE room ADD COLUMN session_batches INTEGER NOT NULL DEFAULT 0`,
    // When its end was told. What ended before anyone was told counts as told.
    `ALTER TABLE room ADD COLUMN settled_at INTEGER`,
    `UPDATE room SET settled_at = ended_at WHERE status = 'ended'`,
    // Rooms that go on, page by page.
    `CREATE INDEX room_active_by_id ON room (id) WHERE status = 'active'`,
    `CREATE INDEX room_unsettled ON room (ended_at, id)
      WHERE status = 'ended' AND settled_at IS NULL`,

    // state is pending, dead, or null: delivered, or for the stream alone.
    // queued_at is when it began to wait, settled_at when it was delivered or
    // given up. A batch has count_before and to_before: how many records the
    // batches before it hold, and where they end.
    `CREATE TABLE event (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      room_id TEXT NOT NULL,
      type TEXT NOT NULL,
      at INTEGER NOT NULL,
      data TEXT NOT NULL,
      endpoint TEXT,
      state TEXT,
      queued_at INTEGER,
      attempts INTEGER,
      settled_at INTEGER,
      error TEXT,
      count_before INTEGER,
      to_before INTEGER
    )`,
    // A lane's first events; the oldest of an endpoint; what waits too long.
    `CREATE INDEX event_pending ON event (endpoint, room_id, number)
      WHERE state = 'pending'`,
    `CREATE INDEX event_oldest ON event (endpoint, number)
      WHERE state = 'pending'`,
    `CREATE INDEX event_overdue ON event (queued_at) WHERE state = 'pending'`,
    // Dead letters by number, and those to forget.
    `CREATE INDEX event_dead ON event (number, endpoint) WHERE state = 'dead'`,
    `CREATE INDEX event_died ON event (settled_at) WHERE state = 'dead'`,
    // What nobody waits for, to remove; and what a room told, to tell again.
    `CREATE INDEX event_done ON event (at) WHERE state IS NULL`,
    `CREATE INDEX event_by_room ON event (room_id, number)`,
    // The first batch of a room that is not acknowledged.
    `CREATE INDEX event_unacknowledged ON event (room_id, type, number)
      WHERE count_before IS NOT NULL
      AND (state IS NOT NULL OR settled_at IS NULL)`,

    // One row while a room has an event pending for an endpoint; attempts and
    // what follows are about the first of them.
    `CREATE TABLE callback_lane (
      room_id TEXT NOT NULL,
      endpoint TEXT NOT NULL,
      due_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      failing_since INTEGER,
      error TEXT,
      PRIMARY KEY (room_id, endpoint)
    ) WITHOUT ROWID`,
    `CREATE INDEX callback_lane_due ON callback_lane (endpoint, due_at, room_id)`,
    // Lanes follow the events, whoever changes those.
    `CREATE TRIGGER event_queued AFTER INSERT ON event
      WHEN new.state = 'pending'
      BEGIN
        INSERT INTO callback_lane (room_id, endpoint, due_at)
          VALUES (new.room_id, new.endpoint, new.queued_at)
          ON CONFLICT DO NOTHING;
      END`,
    `CREATE TRIGGER event_requeued AFTER UPDATE OF state ON event
      WHEN new.state = 'pending' AND old.state IS NOT 'pending'
      BEGIN
        INSERT INTO callback_lane (room_id, endpoint, due_at)
          VALUES (new.room_id, new.endpoint, new.queued_at)
          ON CONFLICT DO UPDATE SET due_at = min(due_at, excluded.due_at),
          attempts = 0, failing_since = NULL, error = NULL;
      END`,
    `CREATE TRIGGER event_settled AFTER UPDATE OF state ON event
      WHEN old.state = 'pending' AND new.state IS NOT 'pending'
      BEGIN
        ${DELETE_EMPTY_LANE};
      END`,
    `CREATE TRIGGER event_removed AFTER DELETE ON event
      WHEN old.state = 'pending'
      BEGIN
        ${DELETE_EMPTY_LANE};
      END`,

    // state is null until the endpoint is set up: it may have a history first.
    `CREATE TABLE callback_endpoint (
      name TEXT PRIMARY KEY,
      url TEXT,
      state TEXT,
      reason TEXT,
      changed_at INTEGER,
      last_success_at INTEGER,
      last_error_at INTEGER,
      last_error TEXT
    ) WITHOUT ROWID`,

    // Numbers of events mean something within one database only.
    `INSERT INTO meta (key, value)
      VALUES ('stream_epoch', lower(hex(randomblob(8)))), ('purged_through', 0)`,
  ],
  [
    // Of rooms of kind chat: who may enter, for whom it is (a JSON list of
    // userId and nickname), and whether the second of them is to come.
    `ALTER TABLE room ADD COLUMN access TEXT`,
    `ALTER TABLE room ADD COLUMN participants TEXT`,
    `ALTER TABLE room ADD COLUMN is_waiting INTEGER NOT NULL DEFAULT 0`,
    `CREATE INDEX room_waiting ON room (created_at, id)
      WHERE status = 'active' AND is_waiting = 1`,
    // Rooms to purge, first ended first.
    `CREATE INDEX room_told ON room (ended_at, id)
      WHERE status = 'ended' AND settled_at IS NOT NULL`,

    // read_at is when the first of the others read a message. talk_of is its
    // author, unless it is deleted, in rooms of kind chat alone: so messages of
    // the others, where nobody marks anything as read, are in no index more.
    `ALTER TABLE log_entry ADD COLUMN read_at INTEGER`,
    `ALTER TABLE log_entry ADD COLUMN talk_of TEXT`,
    `CREATE INDEX log_unread ON log_entry (room_id, talk_of, seq, read_at)
      WHERE talk_of IS NOT NULL AND read_at IS NULL`,
    // Messages by number, without a look at what else is in the log.
    `CREATE INDEX log_message ON log_entry (room_id, seq)
      WHERE talk_of IS NOT NULL`,

    // A row has no user while only its end is known: records of two rooms may
    // come in the other order. room_id is where the requester waits, or waited,
    // or the room of the match; number is four digits, or null.
    `CREATE TABLE heart_link (
      ordinal INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      user_id TEXT,
      nickname TEXT,
      number TEXT,
      room_id TEXT,
      created_at INTEGER,
      status TEXT NOT NULL DEFAULT 'pending',
      settled_at INTEGER,
      matched_at INTEGER,
      partner_id TEXT,
      partner_nickname TEXT
    )`,
    // A user's newest; those of a room that ends.
    `CREATE INDEX heart_link_by_user ON heart_link (user_id, created_at)`,
    `CREATE INDEX heart_link_by_room ON heart_link (room_id)`,
    // What goes on after a restart; what no room is purged with.
    `CREATE INDEX heart_link_open ON heart_link (created_at)
      WHERE status IN ('pending', 'matched')`,
    `CREATE INDEX heart_link_roomless ON heart_link (settled_at)
      WHERE room_id IS NULL`,

    `CREATE TABLE presence (
      user_id TEXT PRIMARY KEY,
      nickname TEXT NOT NULL,
      last_seen_at INTEGER NOT NULL,
      room_id TEXT,
      is_online INTEGER NOT NULL
    ) WITHOUT ROWID`,
    `CREATE INDEX presence_online ON presence (user_id) WHERE is_online = 1`,
    // Those who are gone, longest gone first.
    `CREATE INDEX presence_offline ON presence (last_seen_at)
      WHERE is_online = 0`,

    // The last rooms that were purged. A record of one that is no newer than
    // through_at was applied before, and comes from the journal once more.
    `CREATE TABLE purged_room (
      number INTEGER PRIMARY KEY,
      room_id TEXT NOT NULL UNIQUE,
      through_at INTEGER NOT NULL
    )`,
    // Whether a room has dead letters.
    `CREATE INDEX event_dead_by_room ON event (room_id) WHERE state = 'dead'`,
  ],
  DEVICE_MIGRATION,
  LIVE_MIGRATION,
];
