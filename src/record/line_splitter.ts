/**
 * Bytes in pieces of any size, as lines of bounded size.
 *
 * @module
 */

const NEWLINE = 10;

/** A line without its newline; `undefined` when it was too long to keep. */
export type SplitLine = Uint8Array<ArrayBuffer> | undefined;

/** Cuts pieces of a file into lines. */
export class LineSplitter {
  readonly #bytesMax: number;
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #partsBytes = 0;

  /** @param bytesMax the longest line that is kept, its newline included. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The bytes since the last newline, kept or not. */
  get restBytes(): number {
    return this.#partsBytes;
  }

  /** The lines that end in this piece. */
  split(chunk: Uint8Array<ArrayBuffer>): SplitLine[] {
    const lines: SplitLine[] = [];
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      if (end < 0) break;
      this.#keep(chunk.subarray(from, end));
      lines.push(this.#join());
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(part: Uint8Array<ArrayBuffer>): void {
    this.#partsBytes += part.length;
    if (this.#partsBytes < this.#bytesMax) this.#parts.push(part);
    else this.#parts = [];
  }

  #join(): SplitLine {
    const isKept = this.#partsBytes < this.#bytesMax;
    const line = isKept ? joined(this.#parts, this.#partsBytes) : undefined;
    this.#parts = [];
    this.#partsBytes = 0;
    return line;
  }
}

function joined(
  parts: readonly Uint8Array<ArrayBuffer>[],
  bytes: number,
): Uint8Array<ArrayBuffer> {
  const only = parts[0];
  if (parts.length === 1 && only !== undefined) return only;
  const line = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    line.set(part, at);
    at += part.length;
  }
  return line;
}
