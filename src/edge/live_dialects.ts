/**
 * The live dialect of each live room.
 *
 * What a room says is encoded once for all who share a dialect, so the same
 * one is handed to all who watch the same room.
 *
 * @module
 */

import type { Dialect } from "../wire/dialect.ts";

/** As many as there can be links. */
const LIVE_DIALECTS_MAX = 10_000;

export interface LiveDialectsOptions {
  /** Makes the dialect of a live id. */
  readonly make: (liveId: string) => Dialect;
  /** Most that are remembered; absent is {@linkcode LIVE_DIALECTS_MAX}. */
  readonly countMax?: number;
}

/** The dialects of one server. */
export class LiveDialects {
  readonly #make: (liveId: string) => Dialect;
  readonly #countMax: number;
  /** By live id, the one that was asked for last at the end. */
  readonly #made = new Map<string, Dialect>();

  constructor({ make, countMax = LIVE_DIALECTS_MAX }: LiveDialectsOptions) {
    this.#make = make;
    this.#countMax = countMax;
  }

  /**
   * The dialect of a live id, the same each time, unless as many others were
   * asked for since as are remembered. Then there are two for a while, which
   * costs time and is otherwise no different.
   */
  of(liveId: string): Dialect {
    const dialect = this.#made.get(liveId) ?? this.#make(liveId);
    this.#made.delete(liveId);
    this.#made.set(liveId, dialect);
    if (this.#made.size > this.#countMax) this.#forgetOldest();
    return dialect;
  }

  #forgetOldest(): void {
    for (const liveId of this.#made.keys()) {
      this.#made.delete(liveId);
      return;
    }
  }
}
