/**
 * Records as the bytes of their journal lines, in one reused buffer.
 *
 * Without a journal the bytes are not written, but their number is still the
 * measure of what is pending.
 *
 * @module
 */

import type { DurableRecord } from "../wire/record.ts";
import { journalLine, LINE_BYTES_MAX } from "./journal_line.ts";

/** The lines of one append. */
export interface EncodedLines {
  /** All lines. They hold until the buffer is filled again. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The bytes of each record's line, in the records' order. */
  readonly sizes: readonly number[];
}

const INITIAL_BYTES = 64 * 1024;
/** A buffer that grew past this is let go. */
const RETAINED_BYTES_MAX = 1024 * 1024;
/** The most bytes of UTF-8 that one UTF-16 unit becomes. */
const BYTES_PER_UNIT_MAX = 3;

/** A buffer that is filled, written and filled again. */
export class LineBuffer {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(INITIAL_BYTES);

  /** `undefined` when a line would be longer than may be read again. */
  encode(records: readonly DurableRecord[]): EncodedLines | undefined {
    if (this.#bytes.length > RETAINED_BYTES_MAX) {
      this.#bytes = new Uint8Array(INITIAL_BYTES);
    }
    const sizes: number[] = [];
    let used = 0;
    let more = records.length;
    for (const record of records) {
      more -= 1;
      const size = this.#write(journalLine(record, more), used);
      if (size > LINE_BYTES_MAX) return undefined;
      sizes.push(size);
      used += size;
    }
    return { bytes: this.#bytes.subarray(0, used), sizes };
  }

  #write(line: string, used: number): number {
    this.#reserve(used, line.length * BYTES_PER_UNIT_MAX);
    const target = used === 0 ? this.#bytes : this.#bytes.subarray(used);
    return this.#encoder.encodeInto(line, target).written;
  }

  #reserve(used: number, wanted: number): void {
    if (used + wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (used + wanted));
    larger.set(this.#bytes.subarray(0, used));
    this.#bytes = larger;
  }
}
