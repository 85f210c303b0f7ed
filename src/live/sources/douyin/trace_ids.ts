/**
 * The traces of gifts that came: a gift that is sent again has the same one.
 *
 * @module
 */

/** Past so many, the older half is forgotten. */
const TRACES_MAX = 1000;
const TRACES_KEPT = 500;

/** What has been seen lately. */
export class TraceIds {
  readonly #seen = new Set<string>();

  /** Whether a trace is new; from now on it is not. */
  isNew(traceId: string): boolean {
    if (this.#seen.has(traceId)) return false;
    this.#seen.add(traceId);
    if (this.#seen.size > TRACES_MAX) this.#forget();
    return true;
  }

  #forget(): void {
    for (const oldest of this.#seen) {
      if (this.#seen.size <= TRACES_KEPT) return;
      this.#seen.delete(oldest);
    }
  }
}
