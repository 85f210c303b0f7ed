/**
 * What the recorder asks of a journal, and the journal that keeps nothing.
 *
 * @module
 */

import type { Failing } from "./failure_streak.ts";
import type { EncodedLines } from "./line_buffer.ts";

/** A place that keeps records until they are released. */
export interface Holder {
  /** So many of the records held here are in the database now. */
  release(records: number): void;
}

/** What an operator may want to know of a journal. */
export interface JournalFacts {
  readonly segments: number;
  readonly bytes: number;
  /** `null` while it can be written. */
  readonly failing: Failing | null;
  /** `null` while it can be synced. */
  readonly syncFailing: Failing | null;
}

/** Keeps accepted records until the database has them. */
export interface RecordJournal {
  /**
   * Keeps the lines of one append, all or none.
   *
   * @returns who holds them; `undefined` when they could not be kept.
   */
  append(lines: EncodedLines): Holder | undefined;
  /**
   * Calls `run` once when all that was appended in this turn is as durable as
   * this journal makes it, or with `false` when that failed. Asked in a later
   * turn than the append, it may miss that a sync between them failed.
   */
  afterDurable(run: (ok: boolean) => void): void;
  /** `null` when there is no journal. */
  readonly facts: JournalFacts | null;
  /** Takes nothing more. Resolves when nobody waits for durability. */
  close(): Promise<void>;
}

/** The holder of records that only memory holds. */
export const noHolder: Holder = { release: () => {} };

/** Holds nothing: what is pending is lost with the process. */
export const noJournal: RecordJournal = {
  append: () => noHolder,
  afterDurable: (run) => run(true),
  facts: null,
  close: () => Promise.resolve(),
};
