/**
 * Which part of a room's log a page has, and what it asks for next: from where
 * a new connection goes on, older pages, and what a gap left out.
 *
 * One page is asked for at a time, so an answer needs no name.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { ChatFrames, Frame } from "./frames.ts";

/** Messages of one page of history. */
const PAGE_ENTRIES = 50;
/** Entries of one page that fills a gap. */
const FILL_ENTRIES = 200;

/** Says something on the socket; `false` when there is none. */
export type Say = (frame: Frame) => boolean;

/** How a connection begins. */
export type Start =
  /** Nothing was here before. */
  | "first"
  /** What was missed follows. */
  | "resumed"
  /** What was here is of no use: the log is another, or too far on. */
  | "anew";

interface Gap {
  after: number;
  readonly to: number;
}

/** The page's place in the log. */
export class CatchUp {
  readonly #say: Say;
  #epoch: string | undefined;
  #lastSeq = 0;
  /** The oldest number that was read; `undefined` is no page yet. */
  #oldestSeq: number | undefined;
  #isAtBeginning = false;
  #asked: "older" | "gap" | undefined;
  #gaps: Gap[] = [];

  constructor(say: Say) {
    this.#say = say;
  }

  /** The number after which a next connection goes on. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get isAtBeginning(): boolean {
    return this.#isAtBeginning;
  }

  get isLoading(): boolean {
    return this.#asked !== undefined;
  }

  /** What a connection's address says, from its `?` on. */
  query(): string {
    if (this.#epoch === undefined) return "";
    return `?since=${this.#lastSeq}&epoch=${encodeURIComponent(this.#epoch)}`;
  }

  /** A connection was welcomed. */
  onEstablished(frame: ChatFrames["connection_established"]): Start {
    const isFirst = this.#epoch === undefined;
    const isResumed = !isFirst && frame.recovered &&
      frame.epoch === this.#epoch;
    this.#asked = undefined;
    this.#epoch = frame.epoch;
    if (!isResumed) {
      this.#lastSeq = frame.last_seq;
      this.#oldestSeq = undefined;
      this.#isAtBeginning = false;
      this.#gaps = [];
    }
    if (this.#oldestSeq === undefined) this.askOlder();
    else this.#askGap();
    return isFirst ? "first" : isResumed ? "resumed" : "anew";
  }

  /** A frame with a number came live, or as one that was missed. */
  onSeq(seq: number): void {
    this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  /** Entries were left out. */
  onGap({ from, to }: ChatFrames["gap"]): void {
    this.onSeq(to);
    this.#gaps.push({ after: from - 1, to });
    this.#askGap();
  }

  /** A page came. Its frames are the caller's to show. */
  onHistory({ messages, has_more }: ChatFrames["history"]): void {
    const asked = this.#asked;
    this.#asked = undefined;
    const seqs = messages.map(({ seq }) => seq).filter(isNumber);
    if (asked === "gap") this.#onFilled(seqs, has_more);
    else {
      this.#oldestSeq = Math.min(this.#oldestSeq ?? Infinity, ...seqs);
      this.#isAtBeginning = !has_more || seqs.length === 0;
    }
    this.#askGap();
  }

  /** A question was refused; it may be asked again. */
  onRefused(): void {
    this.#asked = undefined;
  }

  /** Asks for the page before what is here; answers whether it could. */
  askOlder(): boolean {
    const isPossible = this.#asked === undefined && !this.#isAtBeginning;
    if (!isPossible || this.#epoch === undefined) return false;
    const before_seq = this.#oldestSeq;
    const isAsked = this.#say({
      type: "history",
      limit: PAGE_ENTRIES,
      ...(before_seq === undefined ? {} : { before_seq }),
    });
    if (isAsked) this.#asked = "older";
    return isAsked;
  }

  #askGap(): void {
    const gap = this.#gaps[0];
    if (gap === undefined || this.#asked !== undefined) return;
    const isAsked = this.#say({
      type: "history",
      after_seq: gap.after,
      limit: FILL_ENTRIES,
    });
    if (isAsked) this.#asked = "gap";
  }

  #onFilled(seqs: readonly number[], hasMore: boolean): void {
    const gap = this.#gaps[0];
    if (gap === undefined) return;
    gap.after = Math.max(gap.after, ...seqs);
    const isFilled = gap.after >= gap.to || !hasMore || seqs.length === 0;
    if (isFilled) this.#gaps.shift();
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
