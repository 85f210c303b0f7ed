/**
 * Closing every connection in rounds, so that the clients of a server that
 * stops do not come back as one herd.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { inTime } from "../base/deadline.ts";
import type { Ids } from "../base/ids.ts";
import type { ConnectionTable } from "./connection_table.ts";

/** Rounds in which the connections are closed. */
const ROUND_COUNT = 10;

/** Over how long clients are asked to spread their return, in ms. */
const SPREAD_MS = 5000;

export interface DrainOptions {
  readonly connections: Pick<ConnectionTable, "sessions" | "allClosed">;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How long all rounds together may take, in ms. */
  readonly totalMsMax: number;
}

/**
 * Closes every session with `shutting_down`; the close reason carries a delay
 * that the client should wait, each its own.
 *
 * What closed last gets as long as a round to be told why: with the port all
 * sockets end at once, with the runtime's code and not with ours.
 */
export async function drain(
  { connections, clock, ids, totalMsMax }: DrainOptions,
): Promise<void> {
  const sessions = connections.sessions();
  const size = Math.max(1, Math.ceil(sessions.length / ROUND_COUNT));
  const pauseMs = totalMsMax / ROUND_COUNT;
  for (let start = 0; start < sessions.length; start += size) {
    if (start > 0) {
      await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    }
    for (const session of sessions.slice(start, start + size)) {
      const delayMs = Math.floor(ids.fraction() * SPREAD_MS);
      session.breakOff("shutting_down", `; retry_after_ms=${delayMs}`);
    }
  }
  const closed = connections.allClosed();
  await inTime(closed, { clock, msMax: pauseMs, late: undefined });
}
