/**
 * What one turn says to one kind of listener.
 *
 * A packet is shared by every session that gets it, so each form that an edge
 * needs (single texts, one joined text, the part that may not be dropped) is
 * made at most once.
 *
 * @module
 */

/** One encoded message of a packet. */
export interface Said {
  readonly text: string;
  /** Whether a listener that lags may miss it. */
  readonly droppable: boolean;
  /** Its number in the room's log; `null` for what is only current. */
  readonly seq: number | null;
}

/** A range of a room's log; both ends are included. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/** Encoded messages, in the order in which they were said. */
export class Packet {
  /** In the order in which they were said; never empty. */
  readonly texts: readonly string[];
  /** UTF-16 units of all texts: a lower bound of their bytes. */
  readonly length: number;
  readonly #said: readonly Said[];
  #joined: string | undefined;
  #urgent: Packet | null | undefined;
  #missable: SeqRange | null | undefined;

  constructor(said: readonly Said[]) {
    this.#said = said;
    const texts: string[] = [];
    let length = 0;
    for (const { text } of said) {
      texts.push(text);
      length += text.length;
    }
    this.texts = texts;
    this.length = length;
  }

  /** A packet of one message that no listener may miss. */
  static of(text: string): Packet {
    return new Packet([{ text, droppable: false, seq: null }]);
  }

  /** All messages in one text, a newline between two. */
  get joined(): string {
    return this.#joined ??= this.texts.join("\n");
  }

  /** What even a listener that lags is sent; `null` when that is nothing. */
  get urgent(): Packet | null {
    if (this.#urgent === undefined) {
      const kept = this.#said.filter((one) => !one.droppable);
      this.#urgent = kept.length > 0 ? new Packet(kept) : null;
    }
    return this.#urgent;
  }

  /** The log numbers that a listener misses when it is sent `urgent` only. */
  get missable(): SeqRange | null {
    if (this.#missable === undefined) {
      const seqs: number[] = [];
      for (const { seq, droppable } of this.#said) {
        if (droppable && seq !== null) seqs.push(seq);
      }
      const from = seqs[0];
      const to = seqs.at(-1);
      const isNone = from === undefined || to === undefined;
      this.#missable = isNone ? null : { from, to };
    }
    return this.#missable;
  }
}
