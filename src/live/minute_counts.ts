/**
 * How many messages came in each of the last 60 minutes.
 *
 * @module
 */

import { z } from "zod";

const MINUTES = 60;
const MINUTE_MS = 60_000;

/** How it is stored. */
export const SAVED_MINUTES = z.object({
  /** The minute of the last count, from the epoch. */
  minute: z.int(),
  counts: z.array(z.int().nonnegative()).length(MINUTES),
});

/** A count a minute; the current minute is the last. */
export class MinuteCounts {
  #minute: number;
  readonly #counts: number[];

  constructor({ minute, counts }: z.infer<typeof SAVED_MINUTES>) {
    this.#minute = minute;
    this.#counts = [...counts];
  }

  /** With nothing counted yet. */
  static fresh(now: number): MinuteCounts {
    const counts = new Array<number>(MINUTES).fill(0);
    return new MinuteCounts({ minute: minuteOf(now), counts });
  }

  /** @param now epoch ms. */
  add(messages: number, now: number): void {
    this.#moveTo(minuteOf(now));
    this.#counts[MINUTES - 1] = (this.#counts.at(-1) ?? 0) + messages;
  }

  /** 60 counts, oldest first. */
  list(now: number): readonly number[] {
    this.#moveTo(minuteOf(now));
    return [...this.#counts];
  }

  saved(): z.infer<typeof SAVED_MINUTES> {
    return { minute: this.#minute, counts: this.#counts };
  }

  /** After a step back of the clock, the last minute only has another name. */
  #moveTo(minute: number): void {
    const passed = Math.min(minute - this.#minute, MINUTES);
    for (let step = 0; step < passed; step++) {
      this.#counts.shift();
      this.#counts.push(0);
    }
    this.#minute = minute;
  }
}

function minuteOf(now: number): number {
  return Math.floor(now / MINUTE_MS);
}
