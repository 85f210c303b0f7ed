/**
 * The newest entries of a room's log, in memory.
 *
 * A client that was away for a moment resumes from here, without a read of the
 * database.
 *
 * @module
 */

import { Ring } from "../base/ring.ts";
import type { LogEntry } from "../wire/entry.ts";

/** A bounded tail of one room's log. */
export class RecentLog {
  readonly #entries = new Ring<LogEntry>();
  readonly #entriesMax: number;
  #lastSeq: number;

  /** Starts empty behind `lastSeq`; keeps at most `entriesMax` entries. */
  constructor(options: { lastSeq: number; entriesMax: number }) {
    this.#lastSeq = options.lastSeq;
    this.#entriesMax = options.entriesMax;
  }

  /** The number of the newest entry of the log, 0 when there is none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Adds the entry that follows the newest; the oldest goes when full. */
  push(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#lastSeq = entry.seq;
    if (this.#entries.size > this.#entriesMax) this.#entries.shift();
  }

  /** Whether every entry after a number is held here. */
  covers(afterSeq: number): boolean {
    return afterSeq >= this.#lastSeq - this.#entries.size;
  }

  /** The entry with a number, when it is held here. */
  get(seq: number): LogEntry | undefined {
    return this.#entries.at(this.#indexOf(seq));
  }

  /** Up to `limit` entries after a number that is covered, ascending. */
  after(afterSeq: number, limit: number): LogEntry[] {
    const found: LogEntry[] = [];
    const start = Math.max(0, this.#indexOf(afterSeq + 1));
    for (let index = start; found.length < limit; index++) {
      const entry = this.#entries.at(index);
      if (entry === undefined) break;
      found.push(entry);
    }
    return found;
  }

  /** Empties a message that was taken back. */
  blank(seq: number): void {
    const entry = this.get(seq);
    if (entry?.kind !== "message") return;
    const payload = { ...entry.payload, content: "", deleted: true } as const;
    this.#entries.set(this.#indexOf(seq), { ...entry, payload });
  }

  #indexOf(seq: number): number {
    return seq - (this.#lastSeq - this.#entries.size + 1);
  }
}
