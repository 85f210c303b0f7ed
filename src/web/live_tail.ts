/**
 * The newest lines of a live room that a page has not drawn yet.
 *
 * @module
 */

import type { LiveItem } from "./live_facts.ts";

/** A message, or a text of the page's own. */
export type FeedLine = LiveItem | string;

/** So many of them and no more: beyond that the oldest are let go. */
export class LiveTail {
  readonly #linesMax: number;
  #lines: FeedLine[] = [];
  #droppedSeq = 0;
  #hasHole = false;

  constructor(linesMax: number) {
    this.#linesMax = linesMax;
  }

  get count(): number {
    return this.#lines.length;
  }

  /** The greatest number among what was let go; 0 is none. */
  get droppedSeq(): number {
    return this.#droppedSeq;
  }

  /** Whether something was let go since all were taken. */
  get hasHole(): boolean {
    return this.#hasHole;
  }

  /** Adds the newest. */
  add(line: FeedLine): void {
    this.#lines.push(line);
    // A long array is not moved for every line.
    if (this.#lines.length >= 2 * this.#linesMax) this.#trim();
  }

  /** Adds lines from before all others. */
  addFirst(lines: readonly FeedLine[]): void {
    this.#lines.unshift(...lines);
    this.#trim();
  }

  /** Takes so many of the oldest that are there. */
  takeFirst(count: number): FeedLine[] {
    return this.#lines.splice(0, count);
  }

  /** Takes all, at most as many as are kept. */
  takeAll(): FeedLine[] {
    this.#trim();
    this.#hasHole = false;
    return this.#lines.splice(0);
  }

  /** Forgets all. */
  clear(): void {
    this.#lines = [];
    this.#droppedSeq = 0;
    this.#hasHole = false;
  }

  #trim(): void {
    const overCount = this.#lines.length - this.#linesMax;
    if (overCount <= 0) return;
    this.#hasHole = true;
    for (const line of this.#lines.splice(0, overCount)) {
      this.#droppedSeq = Math.max(this.#droppedSeq, seqOf(line));
    }
  }
}

/** The number of a line; 0 for the page's own. */
export function seqOf(line: FeedLine): number {
  return typeof line === "string" ? 0 : line.seq;
}

/** Whether a message is among lines already, alone or in a sum. */
export function isAmong(item: LiveItem, lines: readonly FeedLine[]): boolean {
  return lines.some((line) =>
    typeof line !== "string" &&
    line.data["type"] === item.data["type"] &&
    item.seq <= line.seq && item.seq >= (line.from_seq ?? line.seq)
  );
}
