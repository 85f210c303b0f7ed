/**
 * Reads one segment back: its whole appends, its damage, its torn end.
 *
 * An append that the end of the file interrupts was never accepted, so it is
 * left out. An append that a damaged line interrupts was accepted, so its good
 * lines count.
 *
 * @module
 */

import type { DurableRecord } from "../wire/record.ts";
import type { JournalDirectory } from "./journal_directory.ts";
import { LINE_BYTES_MAX, parseJournalLine } from "./journal_line.ts";
import { LineSplitter, type SplitLine } from "./line_splitter.ts";

/** Some records of accepted appends, in order, and their size. */
export interface ReadRecords {
  readonly records: readonly DurableRecord[];
  readonly bytes: number;
}

/** Reads one segment, once. */
export class SegmentReader {
  readonly name: string;
  readonly #onDamage: (line: number, problem: string) => void;
  readonly #splitter = new LineSplitter(LINE_BYTES_MAX);
  /** The lines so far of an append that is not whole yet. */
  #begun: DurableRecord[] = [];
  #whole: DurableRecord[] = [];
  #wholeBytes = 0;
  #line = 0;
  #damagedLines = 0;

  /** @param onDamage told of each line, 1-based, that cannot be read. */
  constructor(
    name: string,
    onDamage: (line: number, problem: string) => void,
  ) {
    this.name = name;
    this.#onDamage = onDamage;
  }

  get damagedLines(): number {
    return this.#damagedLines;
  }

  /** Once all is read: whether the segment ends within an append. */
  get isTorn(): boolean {
    return this.#splitter.restBytes > 0 || this.#begun.length > 0;
  }

  /** What the segment holds, piece by piece. */
  async *read(directory: JournalDirectory): AsyncGenerator<ReadRecords> {
    for await (const chunk of directory.read(this.name)) {
      for (const line of this.#splitter.split(chunk)) this.#take(line);
      if (this.#whole.length === 0) continue;
      yield { records: this.#whole, bytes: this.#wholeBytes };
      this.#whole = [];
      this.#wholeBytes = 0;
    }
  }

  #take(line: SplitLine): void {
    this.#line += 1;
    const parsed = line === undefined
      ? { problem: "it is too long" }
      : parseJournalLine(line);
    if ("problem" in parsed) {
      this.#damagedLines += 1;
      this.#onDamage(this.#line, parsed.problem);
      return this.#commit();
    }
    this.#begun.push(parsed.record);
    this.#wholeBytes += line?.length ?? 0;
    if (parsed.more === 0) this.#commit();
  }

  #commit(): void {
    for (const record of this.#begun) this.#whole.push(record);
    this.#begun = [];
  }
}
