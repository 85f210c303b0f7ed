/**
 * The sessions that hear a room's broadcasts, and what it costs to reach them.
 *
 * @module
 */

import type { Dialect } from "../wire/dialect.ts";
import type { Session } from "./session.ts";

/** The admitted sessions of one room. */
export class Audience {
  readonly #sessions = new Set<Session>();
  readonly #dialects = new Map<Dialect, number>();
  #batchedCount = 0;

  get sessions(): ReadonlySet<Session> {
    return this.#sessions;
  }

  get dialects(): Iterable<Dialect> {
    return this.#dialects.keys();
  }

  /** Sessions that get one joined frame a turn. */
  get batchedCount(): number {
    return this.#batchedCount;
  }

  /** Frames of one message each that so many broadcasts take. */
  frameCount(broadcastCount: number): number {
    return (this.#sessions.size - this.#batchedCount) * broadcastCount;
  }

  add(session: Session): void {
    if (this.#sessions.has(session)) return;
    this.#sessions.add(session);
    this.#count(session, 1);
  }

  remove(session: Session): void {
    if (this.#sessions.delete(session)) this.#count(session, -1);
  }

  #count({ dialect, isBatched }: Session, change: 1 | -1): void {
    if (isBatched) this.#batchedCount += change;
    const count = (this.#dialects.get(dialect) ?? 0) + change;
    if (count === 0) this.#dialects.delete(dialect);
    else this.#dialects.set(dialect, count);
  }
}
