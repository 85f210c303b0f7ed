/**
 * Lanes: what of a room waits for an endpoint, and when it is tried.
 *
 * A lane is there while an event of its room is pending for its endpoint;
 * triggers see to that (see `migrations.ts`). So what is due is found without a
 * look at what waits behind it.
 *
 * @module
 */

import type { CallbackEvent, EndpointName } from "../wire/callback.ts";
import { EVENT_COLUMNS, eventOf, SNAPSHOTS_SQL } from "./event_table.ts";
import { integer, integerOrNull, storable, text } from "./row.ts";
import type { SqlGroup, SqlRow, SqlStatement } from "./sqlite_protocol.ts";

/** Characters of an error that are kept. */
export const ERROR_CHARS_MAX = 500;

const LANES = `FROM callback_lane
  WHERE endpoint = ?1 AND room_id NOT IN (SELECT value FROM json_each(?2))`;

const SELECT_LANES = `SELECT room_id, due_at, attempts, failing_since ${LANES}
  ORDER BY due_at, room_id LIMIT ?3`;

// What is due comes first, of that what never failed, of that the newest: a
// room that is always refused must not be the one that is always tried.
const SELECT_PROBE = `SELECT room_id, due_at, attempts, failing_since ${LANES}
  ORDER BY due_at > ?3, attempts > 0,
    iif(due_at > ?3 OR attempts > 0, due_at, -due_at), room_id
  LIMIT ?4`;

const SELECT_FIRST_EVENTS = firstEvents("due_at");
const SELECT_PROBE_EVENTS = firstEvents(
  "attempts > 0, iif(attempts > 0, due_at, -due_at)",
);

/** The first events of the lanes that are due first in an order. */
function firstEvents(order: string): string {
  return `SELECT ${EVENT_COLUMNS}
  FROM (
    SELECT room_id ${LANES} AND due_at <= ?3
    ORDER BY ${order}, room_id LIMIT ?4
  ) AS lane
  CROSS JOIN event
  WHERE event.number IN (
    SELECT waiting.number FROM event AS waiting
    WHERE waiting.state = 'pending' AND waiting.endpoint = ?1
    AND waiting.room_id = lane.room_id
    ORDER BY waiting.number LIMIT ?5
  )
  ORDER BY event.number`;
}

const SELECT_ROOM_LANES = `SELECT endpoint, attempts FROM callback_lane
  WHERE room_id = ? ORDER BY endpoint`;

const DELETE_DELIVERED = `DELETE FROM event
  WHERE number IN (SELECT value FROM json_each(?)) AND type IN ${SNAPSHOTS_SQL}`;

const MARK_DELIVERED = `UPDATE event
  SET state = NULL, settled_at = ?2, attempts = NULL, error = NULL
  WHERE number IN (SELECT value FROM json_each(?1)) AND state IS NOT NULL`;

const MARK_DEAD = `UPDATE event
  SET state = 'dead', attempts = ?, error = ?, settled_at = ?
  WHERE number = ? AND state = 'pending'`;

const MOVE_ON = `UPDATE callback_lane
  SET due_at = ?, attempts = 0, failing_since = NULL, error = NULL
  WHERE room_id = ? AND endpoint = ?`;

const RETRY = `UPDATE callback_lane
  SET due_at = ?, attempts = ?, failing_since = ?, error = ?
  WHERE room_id = ? AND endpoint = ?`;

const POSTPONE = `UPDATE callback_lane SET due_at = ?
  WHERE room_id = ? AND endpoint = ?`;

const RELEASE = `UPDATE callback_lane SET
    due_at = min(due_at, ?2), attempts = min(attempts, ?3),
    failing_since = iif(?3 = 0, NULL, failing_since)
  WHERE endpoint = ?1 AND (due_at > ?2 OR attempts > ?3)`;

const RECALL = `UPDATE callback_lane SET due_at = ?1
  WHERE due_at > ?1 + iif(attempts = 0, ?2, ?3)`;

/** No lane waits longer that did not fail, in ms. */
const WAIT_MS_MAX = 60_000;
/** And none that did: what an endpoint may ask for with `Retry-After`. */
const RETRY_WAIT_MS_MAX = 86_400_000;

/** Which lanes to look at; the fields are those of the outbox's query. */
export interface LaneQuery {
  readonly endpoint: EndpointName;
  readonly now: number;
  readonly lanesMax: number;
  readonly eventsMax: number;
  readonly isProbe?: boolean;
  readonly except: readonly string[];
}

/** Events of one room that wait for one endpoint, oldest first. */
export interface DueLane {
  readonly roomId: string;
  readonly attempts: number;
  readonly failingSince: number | null;
  readonly events: readonly CallbackEvent[];
}

/** What came of serving a lane; see the outbox's own words. */
export interface LaneOutcome {
  readonly endpoint: EndpointName;
  readonly roomId: string;
  readonly at: number;
  readonly delivered: readonly number[];
  readonly failure:
    | {
      readonly kind: "retry";
      readonly dueAt: number;
      readonly attempts: number;
      readonly failingSince: number;
      readonly error: string;
    }
    | {
      readonly kind: "dead";
      readonly number: number;
      readonly attempts: number;
      readonly error: string;
    }
    | { readonly kind: "postponed"; readonly dueAt: number }
    | null;
}

/** The lanes due first, with one more than asked for, and their events. */
export function selectDue(
  query: LaneQuery,
): { lanes: SqlStatement; events: SqlStatement } {
  const { endpoint, now, lanesMax, eventsMax, isProbe = false } = query;
  const which = [endpoint, JSON.stringify(query.except)];
  return {
    lanes: isProbe
      ? { sql: SELECT_PROBE, params: [...which, now, lanesMax + 1] }
      : { sql: SELECT_LANES, params: [...which, lanesMax + 1] },
    events: {
      sql: isProbe ? SELECT_PROBE_EVENTS : SELECT_FIRST_EVENTS,
      params: [...which, now, lanesMax, eventsMax],
    },
  };
}

/** What the rows of {@linkcode selectDue} say. */
export function dueLanes(
  { lanes, events }: {
    readonly lanes: readonly SqlRow[];
    readonly events: readonly SqlRow[];
  },
  { now, lanesMax }: LaneQuery,
): { lanes: DueLane[]; nextDueAt: number | null } {
  const byRoom = Map.groupBy(events.map(eventOf), ({ roomId }) => roomId);
  const due: DueLane[] = [];
  for (const [index, row] of lanes.entries()) {
    const dueAt = integer(row, "due_at");
    const isNext = index === lanesMax || dueAt > now;
    if (isNext) return { lanes: due, nextDueAt: dueAt };
    const roomId = text(row, "room_id");
    const first = byRoom.get(roomId);
    if (first === undefined) continue;
    due.push({
      roomId,
      attempts: integer(row, "attempts"),
      failingSince: integerOrNull(row, "failing_since"),
      events: first,
    });
  }
  return { lanes: due, nextDueAt: null };
}

/** The lanes of a room. */
export function selectRoomLanes(roomId: string): SqlStatement {
  return { sql: SELECT_ROOM_LANES, params: [roomId] };
}

/** What a row of {@linkcode selectRoomLanes} says. */
export function laneFactsOf(
  row: SqlRow,
): { endpoint: EndpointName; attempts: number } {
  return {
    endpoint: text(row, "endpoint") as EndpointName,
    attempts: integer(row, "attempts"),
  };
}

/**
 * Makes each lane of an endpoint that is due later due at an instant, with at
 * most so many failed attempts; with 0 its past is forgotten.
 */
export function releaseLanes(
  endpoint: EndpointName,
  at: number,
  attemptsMax: number,
): SqlGroup {
  return [{ sql: RELEASE, params: [endpoint, at, attemptsMax] }];
}

/**
 * Makes each lane due at an instant that is due later than any wait could
 * have it: it was written by a clock that was set back since.
 */
export function recallLanes(at: number): SqlGroup {
  return [{ sql: RECALL, params: [at, WAIT_MS_MAX, RETRY_WAIT_MS_MAX] }];
}

/** Writes what came of serving a lane: its events, then the lane. */
export function settleLane(outcome: LaneOutcome): SqlGroup[] {
  const { at, delivered, endpoint, failure, roomId } = outcome;
  const groups: SqlGroup[] = [];
  if (delivered.length > 0) {
    const numbers = JSON.stringify(delivered);
    groups.push([{ sql: DELETE_DELIVERED, params: [numbers] }]);
    groups.push([{ sql: MARK_DELIVERED, params: [numbers, at] }]);
  }
  if (failure?.kind === "dead") {
    const { attempts, number } = failure;
    const params = [attempts, keptError(failure.error), at, number];
    groups.push([{ sql: MARK_DEAD, params }]);
  }
  const lane = [roomId, endpoint];
  const hasNewFirst = delivered.length > 0 || failure?.kind === "dead";
  if (hasNewFirst) groups.push([{ sql: MOVE_ON, params: [at, ...lane] }]);
  if (failure?.kind === "retry") {
    const { attempts, dueAt, failingSince } = failure;
    const error = keptError(failure.error);
    const params = [dueAt, attempts, failingSince, error, ...lane];
    groups.push([{ sql: RETRY, params }]);
  }
  if (failure?.kind === "postponed") {
    groups.push([{ sql: POSTPONE, params: [failure.dueAt, ...lane] }]);
  }
  return groups;
}

/** An error as it is stored. */
export function keptError(error: string): string {
  return storable(error.slice(0, ERROR_CHARS_MAX));
}
