/**
 * The ids that came last, so that what comes again is known.
 *
 * @module
 */

/** A set that forgets the id that it saw longest ago. */
export class RecentIds {
  readonly #idsMax: number;
  readonly #ids = new Set<string>();
  /** Stands before the oldest: a new one first has to pass what is deleted. */
  #oldest: SetIterator<string> | undefined;

  /** @param idsMax how many it knows, at least 1. */
  constructor(idsMax: number) {
    this.#idsMax = idsMax;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** Notes an id; answers whether it was new. */
  add(id: string): boolean {
    // One that keeps coming must not be forgotten for those between.
    const isKnown = this.#ids.delete(id);
    this.#ids.add(id);
    // An iterator that rests while the set changes keeps its old tables alive.
    if (isKnown) this.#oldest = undefined;
    else if (this.#ids.size > this.#idsMax) this.#forgetOldest();
    return !isKnown;
  }

  #forgetOldest(): void {
    this.#oldest ??= this.#ids.values();
    const { done, value } = this.#oldest.next();
    if (!done) this.#ids.delete(value);
  }
}
