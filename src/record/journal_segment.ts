/**
 * One file of the journal, open for writing.
 *
 * An append is there as a whole or not at all: when the disk is full or fails
 * midway, the file is cut back to where the append began.
 *
 * @module
 */

import type { SegmentFile } from "./journal_directory.ts";
import type { Holder } from "./record_journal.ts";

/** One segment; it holds the records in it. */
export class JournalSegment implements Holder {
  readonly name: string;
  readonly #file: SegmentFile;
  readonly #onReleased: (segment: JournalSegment) => void;
  #bytes = 0;
  #held = 0;
  #isTorn = false;
  #isClosed = false;

  /** @param onReleased called whenever the last record held is released. */
  constructor(
    name: string,
    file: SegmentFile,
    onReleased: (segment: JournalSegment) => void,
  ) {
    this.name = name;
    this.#file = file;
    this.#onReleased = onReleased;
  }

  /** The size of the appends that are whole. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Records that are not in the database yet. */
  get held(): number {
    return this.#held;
  }

  /** Whether the file ends in part of a failed append. */
  get isTorn(): boolean {
    return this.#isTorn;
  }

  /** @throws what the disk said; nothing of this append counts then. */
  append(lines: Uint8Array<ArrayBuffer>, records: number): void {
    try {
      this.#writeAll(lines);
    } catch (error) {
      this.#isTorn = !this.#cut(this.#bytes);
      throw error;
    }
    this.#bytes += lines.length;
    this.#held += records;
  }

  release(records: number): void {
    this.#held -= records;
    if (this.#held === 0) this.#onReleased(this);
  }

  /** Takes everything out, when nothing in it is needed any more. */
  empty(): void {
    if (this.#cut(0)) this.#bytes = 0;
  }

  /** Resolves when all that was appended before the call survives power loss. */
  sync(): Promise<void> {
    return this.#file.sync();
  }

  /** Returns when all that was appended survives power loss. */
  syncNow(): void {
    this.#file.syncNow();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#file.close();
  }

  #writeAll(lines: Uint8Array<ArrayBuffer>): void {
    let written = this.#file.write(lines);
    while (written < lines.length) {
      const more = this.#file.write(lines.subarray(written));
      if (more === 0) throw new Error("Cannot write: the disk took no byte");
      written += more;
    }
  }

  #cut(bytes: number): boolean {
    try {
      this.#file.truncate(bytes);
      return true;
    } catch {
      return false;
    }
  }
}
