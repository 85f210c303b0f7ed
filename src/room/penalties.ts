/**
 * Who is banned, or muted, in one room, and until when.
 *
 * @module
 */

/** A ban or a mute. */
export interface Penalty {
  readonly userId: string;
  /** Epoch ms; `null` is for good. */
  readonly until: number | null;
  /** When it was set, in epoch ms. */
  readonly at: number;
}

/** The bans, or the mutes, of one room. */
export class Penalties {
  readonly #byUser = new Map<string, Penalty>();
  /** The timed ones again, so that a search for the next end skips the rest. */
  readonly #timed = new Map<string, number>();
  /** The earliest of those; `null` while it must be looked for again. */
  #nextEndAt: number | undefined | null;

  constructor(penalties: Iterable<Penalty> = []) {
    for (const penalty of penalties) this.set(penalty);
  }

  get size(): number {
    return this.#byUser.size;
  }

  /** The user's penalty, if it stands now. */
  find(userId: string, now: number): Penalty | undefined {
    const penalty = this.#byUser.get(userId);
    if (penalty === undefined) return undefined;
    return penalty.until === null || penalty.until > now ? penalty : undefined;
  }

  /** Whether the user has a penalty, run out or not. */
  has(userId: string): boolean {
    return this.#byUser.has(userId);
  }

  /** Sets a user's penalty in place of any other. */
  set(penalty: Penalty): void {
    this.#nextEndAt = null;
    this.#byUser.delete(penalty.userId);
    this.#byUser.set(penalty.userId, penalty);
    if (penalty.until === null) this.#timed.delete(penalty.userId);
    else this.#timed.set(penalty.userId, penalty.until);
  }

  /** Removes a user's penalty, run out or not; `false` when there is none. */
  lift(userId: string): boolean {
    if (this.#timed.delete(userId)) this.#nextEndAt = null;
    return this.#byUser.delete(userId);
  }

  /** Users whose penalty has run out and is not yet lifted. */
  expired(now: number): string[] {
    const users: string[] = [];
    for (const [userId, until] of this.#timed) {
      if (until <= now) users.push(userId);
    }
    return users;
  }

  /** When the next one runs out, in epoch ms. */
  nextEndAt(): number | undefined {
    if (this.#nextEndAt === null) {
      let next: number | undefined;
      for (const until of this.#timed.values()) {
        if (next === undefined || until < next) next = until;
      }
      this.#nextEndAt = next;
    }
    return this.#nextEndAt;
  }

  /** Those that stand now, in the order in which they were set. */
  list(now: number): Penalty[] {
    const standing: Penalty[] = [];
    for (const penalty of this.#byUser.values()) {
      if (penalty.until === null || penalty.until > now) standing.push(penalty);
    }
    return standing;
  }
}
