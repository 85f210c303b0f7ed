/**
 * Makes events wait again that were given up, or delivered.
 *
 * Their lanes come with them: a trigger makes each due at once, and its
 * attempts begin anew, for another event is its first now.
 *
 * The numbers are read first and then written, so that the caller hears how far
 * it came: what waits again is soon delivered, and is not told from the rest.
 *
 * @module
 */

import type { CallbackPlan, EndpointName } from "../wire/callback.ts";
import { integer } from "./row.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import type { SqlGroup, SqlStatement, SqlValue } from "./sqlite_protocol.ts";

/** Which events; all that is named must fit. Instants are epoch ms. */
export interface EventReplay {
  readonly id?: string;
  readonly roomId?: string;
  readonly fromAt?: number;
  readonly toAt?: number;
  readonly endpoint?: EndpointName;
  /** Only events with a greater number. */
  readonly afterNumber?: number;
  readonly delivered: boolean;
  readonly limit: number;
  readonly now: number;
}

/** How many events wait again, and the greatest number of them. */
export interface EventReplayed {
  readonly replayed: number;
  readonly lastNumber: number | null;
}

/**
 * Takes events up to the limit, oldest first. Those that another run took or
 * removed meanwhile are not counted, and as many that follow take their place:
 * fewer than the limit means that none is left.
 */
export async function replayEvents(
  connection: SqliteConnection,
  query: EventReplay,
  plan: CallbackPlan,
): Promise<EventReplayed> {
  let replayed = 0;
  let lastNumber: number | null = null;
  let { afterNumber = 0 } = query;
  while (replayed < query.limit) {
    const limit = query.limit - replayed;
    const step = { ...query, afterNumber, limit };
    const rows = await connection.rows(selectReplayable(step, plan));
    const numbers = rows.map((row) => integer(row, "number"));
    const greatest = numbers.at(-1);
    if (greatest === undefined) break;
    const [count = 0] = await connection
      .transaction([queueAgain(numbers, query)]);
    replayed += count;
    if (count > 0) lastNumber = greatest;
    if (numbers.length < limit) break;
    afterNumber = greatest;
  }
  return { replayed, lastNumber };
}

/** Numbers of the events that fit, ascending, up to the limit. */
export function selectReplayable(
  query: EventReplay,
  plan: CallbackPlan,
): SqlStatement {
  const filters: readonly [string, SqlValue | undefined][] = [
    ["id = ?", query.id],
    ["room_id = ?", query.roomId],
    ["at >= ?", query.fromAt],
    ["at <= ?", query.toAt],
    ["endpoint = ?", query.endpoint],
  ];
  const where: string[] = [
    fitsState(query),
    "endpoint IN (SELECT value FROM json_each(?))",
    "number > ?",
  ];
  const params: SqlValue[] = [
    JSON.stringify([...plan.endpoints]),
    query.afterNumber ?? 0,
  ];
  for (const [condition, value] of filters) {
    if (value === undefined) continue;
    where.push(condition);
    params.push(value);
  }
  const sql = `SELECT number FROM event ${indexFor(query)}
    WHERE ${where.join(" AND ")} ORDER BY number LIMIT ?`;
  return { sql, params: [...params, query.limit] };
}

/** Makes these events wait again, but for those that wait or are gone now. */
export function queueAgain(
  numbers: readonly number[],
  query: Pick<EventReplay, "delivered" | "now">,
): SqlGroup {
  const sql = `UPDATE event NOT INDEXED SET state = 'pending', queued_at = ?,
      attempts = NULL, settled_at = NULL, error = NULL
    WHERE number IN (SELECT value FROM json_each(?)) AND ${fitsState(query)}`;
  return [{ sql, params: [query.now, JSON.stringify(numbers)] }];
}

/**
 * Events that are dead; when asked also those that nobody waits for, be it that
 * they were delivered or that nobody was there.
 */
function fitsState({ delivered }: Pick<EventReplay, "delivered">): string {
  return delivered ? "(state = 'dead' OR state IS NULL)" : "state = 'dead'";
}

/** Numbers are in order in every index here, so none is read beyond the limit. */
function indexFor({ id, roomId, delivered }: EventReplay): string {
  if (id !== undefined) return "";
  if (roomId !== undefined) return "INDEXED BY event_by_room";
  return delivered ? "" : "INDEXED BY event_dead";
}
