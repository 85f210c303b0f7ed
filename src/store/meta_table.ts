/**
 * What the database knows of the server itself.
 *
 * `alive_at` is the newest instant that anything in the database knows: every
 * write moves it on, so that nobody has to look through the tables for it.
 *
 * @module
 */

import type { SqlGroup, SqlStatement } from "./sqlite_protocol.ts";

const ADVANCE_ALIVE = `INSERT INTO meta (key, value)
  VALUES ('alive_at', CAST(? AS INTEGER))
  ON CONFLICT DO UPDATE SET value = max(value, excluded.value)`;

const SELECT_ALIVE = `SELECT ifnull(max(value), 0) AS alive_at
  FROM meta WHERE key = 'alive_at'`;

const COUNT_CHECK = `INSERT INTO meta (key, value) VALUES ('checks', 1)
  ON CONFLICT DO UPDATE SET value = value + 1`;

const SELECT_CHECKS = "SELECT value FROM meta WHERE key = 'checks'";

const RENEW_STREAM_EPOCH = `UPDATE meta SET value = lower(hex(randomblob(8)))
  WHERE key = 'stream_epoch'`;

/** The server was alive at `at`; an earlier instant than is known is no news. */
export function advanceAlive(at: number): SqlGroup {
  return [{ sql: ADVANCE_ALIVE, params: [at] }];
}

/** One row with `alive_at`, in epoch ms; 0 when nothing is known. */
export function selectAlive(): SqlStatement {
  return { sql: SELECT_ALIVE };
}

/** A write whose only purpose is to be one. */
export function countCheck(): SqlGroup {
  return [{ sql: COUNT_CHECK }];
}

/** One row, when {@linkcode countCheck} has been done. */
export function selectChecks(): SqlStatement {
  return { sql: SELECT_CHECKS };
}

/** Makes every cursor of the stream of events that was given invalid. */
export function renewStreamEpoch(): SqlGroup {
  return [{ sql: RENEW_STREAM_EPOCH }];
}
