/**
 * How late messages came in the last minutes.
 *
 * One message a second is enough to tell, and a flood then fills no table.
 *
 * @module
 */

const SAMPLES_MAX = 120;
const SAMPLE_EVERY_MS = 1000;
const SAMPLE_AGE_MS_MAX = 300_000;

interface Sample {
  readonly at: number;
  readonly lagMs: number;
}

/** The newest lags, at most one a second and 120 in all. */
export class LagSamples {
  readonly #samples: Sample[] = [];

  /**
   * Notes when a message happened, by its own clock, and when it was kept.
   * Where the two clocks differ so that it would be early, it was in time.
   */
  note(sentAt: number, now: number): void {
    this.#forget(now);
    const last = this.#samples.at(-1);
    const isSoon = last !== undefined && now - last.at < SAMPLE_EVERY_MS;
    if (isSoon || !Number.isFinite(sentAt)) return;
    this.#samples.push({ at: now, lagMs: Math.max(0, now - sentAt) });
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
  }

  /** The median of the last 5 minutes, in whole ms; `null` without any. */
  median(now: number): number | null {
    this.#forget(now);
    const lags = this.#samples.map(({ lagMs }) => lagMs).sort((a, b) => a - b);
    const middle = Math.floor(lags.length / 2);
    const upper = lags[middle];
    if (upper === undefined) return null;
    const lower = lags.length % 2 === 0 ? lags[middle - 1] ?? upper : upper;
    return Math.round((lower + upper) / 2);
  }

  /** What is of a time to come was noted before the clock stepped back. */
  #forget(now: number): void {
    while (this.#samples.length > 0) {
      const oldest = this.#samples[0];
      const ageMs = now - (oldest?.at ?? now);
      if (ageMs >= 0 && ageMs <= SAMPLE_AGE_MS_MAX) break;
      this.#samples.shift();
    }
    const newest = this.#samples.at(-1);
    if (newest !== undefined && newest.at > now) this.#samples.length = 0;
  }
}
