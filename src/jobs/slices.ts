/**
 * Long work in short slices, so that rooms and sockets get their turns.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Yield } from "../base/turn.ts";

/** How work is cut. */
export interface SliceOptions {
  readonly clock: Pick<Clock, "monotonic">;
  readonly yield: Yield;
  /** How long a slice lasts, in ms; the item that fills it is finished. */
  readonly sliceMs: number;
  /** Once it aborts, the rest is left. */
  readonly signal?: AbortSignal | undefined;
}

/** The slices of one piece of work, which may be several loops. */
export class Slices {
  readonly #options: SliceOptions;
  #startedMs: number;

  /** Begins the first slice. */
  constructor(options: SliceOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonic();
  }

  /** Visits every item in order, and yields whenever a slice is full. */
  async each<Item>(
    items: Iterable<Item>,
    visit: (item: Item) => void,
  ): Promise<void> {
    const { clock, signal, sliceMs } = this.#options;
    for (const item of items) {
      if (signal?.aborted === true) return;
      visit(item);
      if (clock.monotonic() - this.#startedMs >= sliceMs) await this.next();
    }
  }

  /** Yields, and begins the next slice. */
  async next(): Promise<void> {
    const { clock, yield: later } = this.#options;
    await new Promise<void>((resolve) => later(resolve));
    this.#startedMs = clock.monotonic();
  }
}

/** Visits every item in order, and yields whenever a slice is full. */
export function inSlices<Item>(
  items: Iterable<Item>,
  visit: (item: Item) => void,
  options: SliceOptions,
): Promise<void> {
  return new Slices(options).each(items, visit);
}
