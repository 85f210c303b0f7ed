/**
 * Events as they are read: the stream of all of them, and those given up.
 *
 * @module
 */

import type { CallbackEvent, EndpointName } from "../wire/callback.ts";
import { EVENT_COLUMNS, eventOf, SNAPSHOTS_SQL } from "./event_table.ts";
import { integer, text } from "./row.ts";
import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";

const SELECT_STREAM = `SELECT ${EVENT_COLUMNS} FROM event
  WHERE number > ? AND type NOT IN ${SNAPSHOTS_SQL} ORDER BY number LIMIT ?`;

const SELECT_BOUNDS = `SELECT
  (SELECT value FROM meta WHERE key = 'stream_epoch') AS epoch,
  (SELECT value FROM meta WHERE key = 'purged_through') AS purged_through,
  ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0) AS last`;

const DEAD = `SELECT ${EVENT_COLUMNS}, endpoint, attempts, settled_at, error
  FROM event INDEXED BY event_dead WHERE state = 'dead' AND number > ?`;

/** Where the stream begins and ends. */
export interface EventBounds {
  readonly epoch: string;
  readonly purgedThrough: number;
  readonly last: number;
}

/** An event that was given up. */
export interface DeadEvent {
  readonly event: CallbackEvent;
  readonly endpoint: EndpointName;
  readonly attempts: number;
  /** Epoch ms. */
  readonly diedAt: number;
  readonly error: string;
}

/** Which dead letters to read. */
export interface DeadQuery {
  readonly endpoint?: EndpointName;
  readonly afterNumber: number;
  readonly limit: number;
}

/** Events with a greater number, ascending, without snapshots. */
export function selectStream(
  afterNumber: number,
  limit: number,
): SqlStatement {
  return { sql: SELECT_STREAM, params: [afterNumber, limit] };
}

/** One row about the whole stream. */
export function selectBounds(): SqlStatement {
  return { sql: SELECT_BOUNDS };
}

/** What the row of {@linkcode selectBounds} says. */
export function boundsOf(row: SqlRow): EventBounds {
  return {
    epoch: text(row, "epoch"),
    purgedThrough: integer(row, "purged_through"),
    last: integer(row, "last"),
  };
}

/** Dead letters with a greater number, ascending. */
export function selectDead(query: DeadQuery): SqlStatement {
  const { endpoint, afterNumber, limit } = query;
  const order = "ORDER BY number LIMIT ?";
  if (endpoint === undefined) {
    return { sql: `${DEAD} ${order}`, params: [afterNumber, limit] };
  }
  const params = [afterNumber, endpoint, limit];
  return { sql: `${DEAD} AND endpoint = ? ${order}`, params };
}

/** What a row of {@linkcode selectDead} says. */
export function deadEventOf(row: SqlRow): DeadEvent {
  return {
    event: eventOf(row),
    endpoint: text(row, "endpoint") as EndpointName,
    attempts: integer(row, "attempts"),
    diedAt: integer(row, "settled_at"),
    error: text(row, "error"),
  };
}
