/**
 * A run of failures with nothing that worked between them, for health pages.
 *
 * @module
 */

/** Something that does not work now. */
export interface Failing {
  /** When the first attempt of the run failed, in epoch ms. */
  readonly sinceAt: number;
  /** What the last attempt said. For operators, never for clients. */
  readonly error: string;
  /** Failed attempts in a row. */
  readonly attempts: number;
}

/** Counts failures until something works. */
export class FailureStreak {
  #current: Failing | null = null;

  /** `null` while things work. */
  get current(): Failing | null {
    return this.#current;
  }

  /** Notes a failed attempt at an instant, in epoch ms. */
  note(error: unknown, at: number): Failing {
    this.#current = {
      sinceAt: this.#current?.sinceAt ?? at,
      error: errorText(error),
      attempts: (this.#current?.attempts ?? 0) + 1,
    };
    return this.#current;
  }

  /** Notes that it works; answers the run that ended, if there was one. */
  end(): Failing | null {
    const ended = this.#current;
    this.#current = null;
    return ended;
  }
}

/** What an error says, whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
