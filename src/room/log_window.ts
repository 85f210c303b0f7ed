/**
 * A room's whole log: the newest part from memory, the rest from the database.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import { ChatError } from "../wire/errors.ts";
import { fittingCount } from "./entry_weight.ts";
import { canMark, hasReadMarks } from "./read_marks.ts";
import type { RoomState } from "./room_state.ts";

/** Which entries: those after, or before, a number; neither is the newest. */
export interface LogRange {
  readonly afterSeq?: number;
  readonly beforeSeq?: number;
  readonly limit: number;
}

/** Reads what is not in memory; it sees every entry accepted before the call. */
export interface LogReader {
  /** The entries after a number, ascending. */
  read(
    roomId: string,
    range: { afterSeq: number; limit: number },
  ): Promise<LogEntry[]>;
  /** One message, unless it was deleted. */
  message(
    roomId: string,
    seq: number,
  ): Promise<LogEntry<"message"> | undefined>;
  /**
   * Of some messages those that a user can still mark as read, ascending:
   * messages of others, not deleted, and not read yet.
   */
  unread(
    roomId: string,
    userId: string,
    seqs: readonly number[],
  ): Promise<number[]>;
}

/** A part of a log. */
export interface LogPage {
  /** Ascending. */
  readonly entries: readonly LogEntry[];
  /** Whether there are more in the direction asked for. */
  readonly hasMore: boolean;
}

/** Reads one room's log. */
export class LogWindow {
  readonly #state: RoomState;
  readonly #reader: LogReader;

  constructor(state: RoomState, reader: LogReader) {
    this.#state = state;
    this.#reader = reader;
  }

  get lastSeq(): number {
    return this.#state.lastSeq;
  }

  /** Reads a range, from memory when it is all there, as far as it fits. */
  async page({ afterSeq, beforeSeq, limit }: LogRange): Promise<LogPage> {
    const { lastSeq } = this.#state;
    if (afterSeq !== undefined) {
      const takes = Math.min(limit, Math.max(0, lastSeq - afterSeq));
      const entries = await this.#read(afterSeq, takes);
      const fitting = entries.slice(0, fittingCount(entries));
      const throughSeq = fitting.at(-1)?.seq ?? afterSeq;
      return { entries: fitting, hasMore: throughSeq < lastSeq };
    }
    const endSeq = Math.min(beforeSeq ?? lastSeq + 1, lastSeq + 1);
    const startSeq = Math.max(0, endSeq - 1 - limit);
    const entries = await this.#read(startSeq, endSeq - 1 - startSeq);
    const fitting = entries.slice(-fittingCount(entries.toReversed()));
    return { entries: fitting, hasMore: (fitting[0]?.seq ?? 1) > 1 };
  }

  /**
   * Looks a message up, at once when it is in memory.
   *
   * @throws ChatError `message_not_found` unless it exists and is not deleted.
   */
  requireMessage(seq: number): void | Promise<void> {
    const { lastSeq, id } = this.#state;
    if (seq < 1 || seq > lastSeq) throw new ChatError("message_not_found");
    // What is in memory the room checks itself, in its turn.
    if (this.#isAtHand(seq)) return;
    return this.#reader.message(id, seq).then((found) => {
      if (found === undefined) throw new ChatError("message_not_found");
    });
  }

  /**
   * Of some messages those that a user can still mark as read; at once when
   * all are in memory.
   */
  unread(
    userId: string,
    seqs: readonly number[],
  ): readonly number[] | Promise<readonly number[]> {
    if (!hasReadMarks(this.#state)) return [];
    const { recent, id } = this.#state;
    const older: number[] = [];
    const newer: number[] = [];
    for (const seq of seqs) {
      if (!canMark(recent, seq, userId)) continue;
      (this.#isAtHand(seq) ? newer : older).push(seq);
    }
    if (older.length === 0) return newer;
    return this.#reader.unread(id, userId, older)
      .then((found) => [...found, ...newer]);
  }

  /** Whether none of some messages would have to be looked up. */
  areAtHand(seqs: readonly number[]): boolean {
    return seqs.every((seq) => this.#isAtHand(seq));
  }

  #isAtHand(seq: number): boolean {
    const { recent, lastSeq } = this.#state;
    return seq < 1 || seq > lastSeq || recent.covers(seq - 1);
  }

  async #read(afterSeq: number, takes: number): Promise<LogEntry[]> {
    const { recent, id } = this.#state;
    if (takes <= 0) return [];
    if (recent.covers(afterSeq)) return recent.after(afterSeq, takes);
    return await this.#reader.read(id, { afterSeq, limit: takes });
  }
}
