/**
 * Endpoints: what an operator or the endpoint itself decided, how the last
 * deliveries went, and how much waits.
 *
 * @module
 */

import type { EndpointName } from "../wire/callback.ts";
import { keptError, type LaneOutcome } from "./lane_table.ts";
import { integer, integerOrNull, storable, text, textOrNull } from "./row.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";

const SELECT_ENDPOINTS = `SELECT name, url, state, reason, changed_at
  FROM callback_endpoint WHERE state IS NOT NULL ORDER BY name`;

const SAVE_ENDPOINT = `INSERT INTO callback_endpoint (
    name, url, state, reason, changed_at
  ) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET url = excluded.url, state = excluded.state,
    reason = excluded.reason, changed_at = excluded.changed_at`;

const NOTE_SUCCESS = `INSERT INTO callback_endpoint (name, last_success_at)
  VALUES (?, ?) ON CONFLICT DO UPDATE
  SET last_success_at = max(ifnull(last_success_at, 0), excluded.last_success_at)`;

const NOTE_ERROR = `INSERT INTO callback_endpoint (
    name, last_error_at, last_error
  ) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET
    last_error_at = excluded.last_error_at, last_error = excluded.last_error
  WHERE ifnull(last_error_at, 0) <= excluded.last_error_at`;

const SELECT_HISTORIES = `WITH
  waiting AS MATERIALIZED (
    SELECT endpoint, count(*) AS backlog, min(number) AS oldest
    FROM event INDEXED BY event_oldest
    WHERE state = 'pending' GROUP BY endpoint
  ),
  given_up AS MATERIALIZED (
    SELECT endpoint, count(*) AS dead FROM event INDEXED BY event_dead
    WHERE state = 'dead' GROUP BY endpoint
  ),
  known AS (
    SELECT name FROM callback_endpoint
    UNION SELECT endpoint FROM waiting
    UNION SELECT endpoint FROM given_up
  )
  SELECT known.name, last_success_at, last_error_at, last_error,
    ifnull(backlog, 0) AS backlog, ifnull(dead, 0) AS dead,
    (SELECT at FROM event WHERE number = oldest) AS oldest_at
  FROM known
  LEFT JOIN callback_endpoint ON callback_endpoint.name = known.name
  LEFT JOIN waiting ON waiting.endpoint = known.name
  LEFT JOIN given_up ON given_up.endpoint = known.name
  ORDER BY known.name`;

/** What was decided about an endpoint. */
export interface EndpointRow {
  readonly name: EndpointName;
  readonly url: string;
  readonly state: "active" | "paused" | "disabled";
  readonly reason: string | null;
  /** Epoch ms. */
  readonly changedAt: number;
}

/** How an endpoint does. Instants are epoch ms. */
export interface EndpointHistoryRow {
  readonly name: EndpointName;
  readonly lastSuccessAt: number | null;
  readonly lastErrorAt: number | null;
  readonly lastError: string | null;
  readonly backlog: number;
  readonly oldestAt: number | null;
  readonly dead: number;
}

/** Every endpoint that was saved. */
export function selectEndpoints(): SqlStatement {
  return { sql: SELECT_ENDPOINTS };
}

/** What a row of {@linkcode selectEndpoints} says. */
export function endpointOf(row: SqlRow): EndpointRow {
  return {
    name: text(row, "name") as EndpointName,
    url: text(row, "url"),
    state: text(row, "state") as EndpointRow["state"],
    reason: textOrNull(row, "reason"),
    changedAt: integer(row, "changed_at"),
  };
}

/** Saves what was decided; how deliveries went stays. */
export function saveEndpoint(endpoint: EndpointRow): SqlGroup {
  const { name, url, state, reason, changedAt } = endpoint;
  const why = reason === null ? null : storable(reason);
  const params = [name, storable(url), state, why, changedAt];
  return [{ sql: SAVE_ENDPOINT, params }];
}

/** Remembers how the newest deliveries of a lane went. */
export function noteOutcome(outcome: LaneOutcome): SqlGroup[] {
  const { at, delivered, endpoint, failure } = outcome;
  const groups: SqlGroup[] = [];
  if (delivered.length > 0) {
    groups.push([{ sql: NOTE_SUCCESS, params: [endpoint, at] }]);
  }
  if (failure !== null && failure.kind !== "postponed") {
    const params = [endpoint, at, keptError(failure.error)];
    groups.push([{ sql: NOTE_ERROR, params }]);
  }
  return groups;
}

/** Every endpoint that was saved, was tried, or has events waiting or dead. */
export function selectHistories(): SqlStatement {
  return { sql: SELECT_HISTORIES };
}

/** What a row of {@linkcode selectHistories} says. */
export function historyOf(row: SqlRow): EndpointHistoryRow {
  return {
    name: text(row, "name") as EndpointName,
    lastSuccessAt: integerOrNull(row, "last_success_at"),
    lastErrorAt: integerOrNull(row, "last_error_at"),
    lastError: textOrNull(row, "last_error"),
    backlog: integer(row, "backlog"),
    oldestAt: integerOrNull(row, "oldest_at"),
    dead: integer(row, "dead"),
  };
}
