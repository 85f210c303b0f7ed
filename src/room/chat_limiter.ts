/**
 * Least time between two messages of one user in one room.
 *
 * Times outlive the session, so that connecting again lifts no limit; they are
 * forgotten once the interval has passed, so the table never holds more users
 * than spoke within one interval.
 *
 * @module
 */

export class ChatLimiter {
  /** Last accepted message by user, oldest first. */
  readonly #lastAt = new Map<string, number>();

  /** How long the user must still wait, in ms; 0 when they may speak. */
  waitMs(userId: string, intervalMs: number, now: number): number {
    const lastAt = this.#lastAt.get(userId);
    // A clock that stepped back must not silence anyone until it catches up.
    if (lastAt === undefined || lastAt > now) return 0;
    return Math.max(0, lastAt + intervalMs - now);
  }

  /** Remembers an accepted message. A refused one does not move the time. */
  note(userId: string, intervalMs: number, now: number): void {
    this.#forget(intervalMs, now);
    if (intervalMs === 0) return;
    this.#lastAt.delete(userId);
    this.#lastAt.set(userId, now);
  }

  /** Users whose last message is remembered. */
  get size(): number {
    return this.#lastAt.size;
  }

  /** Drops the times that slow nobody down any more. */
  #forget(intervalMs: number, now: number): void {
    for (const userId of this.#lastAt.keys()) {
      if (this.waitMs(userId, intervalMs, now) > 0) break;
      this.#lastAt.delete(userId);
    }
  }
}
