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
import { READ_SEQS_MAX } from "../wire/limits.ts";
import { entryWeight } from "./entry_weight.ts";

/** Most older messages that are remembered as settled. */
const SETTLED_MAX = 4 * READ_SEQS_MAX;

/** A bounded tail of one room's log. */
export class RecentLog {
  #entries = new Ring<LogEntry>();
  readonly #entriesMax: number;
  readonly #weightMax: number;
  /** Messages read or deleted lately, oldest mark first. */
  readonly #settled = new Set<number>();
  #lastSeq: number;
  #weight = 0;

  /**
   * Starts empty behind `lastSeq`; keeps at most `entriesMax` entries that
   * weigh at most `weightMax` together, in UTF-16 units.
   */
  constructor(
    options: { lastSeq: number; entriesMax: number; weightMax: number },
  ) {
    this.#lastSeq = options.lastSeq;
    this.#entriesMax = options.entriesMax;
    this.#weightMax = options.weightMax;
  }

  /** The number of the newest entry of the log, 0 when there is none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Adds the entry that follows the newest; the oldest go when full. */
  push(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#weight += entryWeight(entry);
    this.#lastSeq = entry.seq;
    while (this.#isOver()) {
      const oldest = this.#entries.shift();
      if (oldest !== undefined) this.#weight -= entryWeight(oldest);
    }
  }

  /** Lets go of every entry; the log goes on behind the newest. */
  forget(): void {
    this.#entries = new Ring();
    this.#weight = 0;
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

  /**
   * Whether a message is read or deleted. Of one that is not held here that is
   * known only if it became so lately: enough for what was looked up while the
   * room went on.
   */
  isSettled(seq: number): boolean {
    const entry = this.get(seq);
    if (entry?.kind !== "message") return this.#settled.has(seq);
    return entry.payload.read === true || entry.payload.deleted === true;
  }

  /** Empties a message that was taken back: it says who and when, not what. */
  blank(seq: number): void {
    this.#settle(seq);
    const entry = this.get(seq);
    if (entry?.kind !== "message") return;
    const { nickname, isAdmin, clientMsgId } = entry.payload;
    const named = clientMsgId === undefined ? {} : { clientMsgId };
    const said = { content: "", deleted: true } as const;
    const payload = { nickname, isAdmin, ...named, ...said };
    this.#replace(entry, { ...entry, payload });
  }

  /** Marks a message that someone else has read. */
  markRead(seq: number): void {
    this.#settle(seq);
    const entry = this.get(seq);
    if (entry?.kind !== "message") return;
    const payload = { ...entry.payload, read: true } as const;
    this.#replace(entry, { ...entry, payload });
  }

  #isOver(): boolean {
    return this.#entries.size > this.#entriesMax ||
      this.#weight > this.#weightMax;
  }

  #replace(old: LogEntry, entry: LogEntry): void {
    this.#weight += entryWeight(entry) - entryWeight(old);
    this.#entries.set(this.#indexOf(old.seq), entry);
  }

  #settle(seq: number): void {
    this.#settled.add(seq);
    for (const oldest of this.#settled) {
      if (this.#settled.size <= SETTLED_MAX) break;
      this.#settled.delete(oldest);
    }
  }

  #indexOf(seq: number): number {
    return seq - (this.#lastSeq - this.#entries.size + 1);
  }
}
