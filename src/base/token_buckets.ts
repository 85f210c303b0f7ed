/**
 * How often something may be done by each of many: a few times at once, then at
 * a rate.
 *
 * Of each is kept only when nothing will slow them down any more, and not even
 * that once the time has come: the table never holds more than did it within
 * the time that an empty bucket takes to fill.
 *
 * @module
 */

export interface BucketOptions {
  /** How often one may do it at once. */
  readonly burst: number;
  /** Until one who did so may do it once more, in ms. */
  readonly refillMs: number;
  /**
   * Most that are remembered; past it, who did it longest ago is forgotten.
   *
   * @default {Infinity}
   */
  readonly keysMax?: number;
}

/** Key → a bucket of tokens, full at first. */
export class TokenBuckets {
  readonly #options: BucketOptions;
  /** When each bucket that is not full will be, in ms of the clock that is used; last taken last. */
  readonly #fullAt = new Map<string, number>();

  constructor(options: BucketOptions) {
    this.#options = options;
  }

  /** Buckets that are not full, as far as one has looked. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** How long until there is a token for a key, in ms; 0 when there is one. */
  waitMs(key: string, now: number): number {
    const { burst, refillMs } = this.#options;
    const missingMs = this.#missingMs(this.#fullAt.get(key), now);
    return Math.max(0, missingMs - (burst - 1) * refillMs);
  }

  /** Takes a token, whether or not there is one. */
  take(key: string, now: number): void {
    const missingMs = this.#missingMs(this.#fullAt.get(key), now);
    this.#fullAt.delete(key);
    this.#fullAt.set(key, now + missingMs + this.#options.refillMs);
    this.#forget(now);
  }

  /** How long until a bucket is full, in ms. */
  #missingMs(fullAt: number | undefined, now: number): number {
    if (fullAt === undefined) return 0;
    const { burst, refillMs } = this.#options;
    const missingMs = fullAt - now;
    // A clock that stepped back must not silence anyone until it catches up.
    return missingMs > burst * refillMs ? 0 : Math.max(0, missingMs);
  }

  #forget(now: number): void {
    const { keysMax = Infinity } = this.#options;
    for (const [key, fullAt] of this.#fullAt) {
      const isOver = this.#fullAt.size > keysMax;
      if (!isOver && this.#missingMs(fullAt, now) > 0) break;
      this.#fullAt.delete(key);
    }
  }
}
