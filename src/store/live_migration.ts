/**
 * The step that brings live rooms: which outside room feeds each, the links to
 * those, and which process has a link.
 *
 * A live message is an entry like any other. Its text is in `body`, as what a
 * device sends is, and `sent_at` stays empty: so the indexes and the views of
 * devices hold nothing of it, and it costs no more than a message. Its type,
 * count and id are in the payload: they are counted once, when a link starts,
 * by number.
 *
 * @module
 */

/** Statements in order, from the tables of version 4. */
export const LIVE_MIGRATION: readonly string[] = [
  // What a room of kind live is called where it comes from.
  `ALTER TABLE room ADD COLUMN live_id TEXT`,

  // memory may be some KiB, which a table without row numbers would keep in
  // the upper pages of its tree. room_id may be of a room that was purged.
  `CREATE TABLE live_link (
    live_id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    is_wanted INTEGER NOT NULL,
    is_ended INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    room_id TEXT,
    through_seq INTEGER NOT NULL,
    memory TEXT NOT NULL
  )`,
  `CREATE TABLE live_lease (
    live_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until_at INTEGER NOT NULL
  ) WITHOUT ROWID`,
];
