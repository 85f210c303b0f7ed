/**
 * What one turn says to one kind of listener.
 *
 * A packet is shared by every session that gets it, so each form that an edge
 * needs (single frames, joined ones, the part that may not be dropped) is made
 * at most once.
 *
 * @module
 */

/** What a WebSocket frame carries: a text, or bytes. */
export type Frame = string | Uint8Array<ArrayBuffer>;

/** One encoded message of a packet. */
export interface Said {
  readonly frame: Frame;
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
  readonly frames: readonly Frame[];
  /** UTF-16 units and bytes of all frames: a lower bound of their bytes. */
  readonly length: number;
  /** The same with what is known of each. */
  readonly said: readonly Said[];
  #joined: readonly Frame[] | undefined;
  #urgent: Packet | null | undefined;
  #missable: SeqRange | null | undefined;

  constructor(said: readonly Said[]) {
    this.said = said;
    const frames: Frame[] = [];
    let length = 0;
    for (const { frame } of said) {
      frames.push(frame);
      length += frame.length;
    }
    this.frames = frames;
    this.length = length;
  }

  /** A packet of one message that no listener may miss. */
  static of(frame: Frame): Packet {
    return new Packet([{ frame, droppable: false, seq: null }]);
  }

  /**
   * All messages in as few frames as may be: texts that follow each other are
   * one, a newline between two. Bytes stay a frame of their own.
   */
  get joined(): readonly Frame[] {
    return this.#joined ??= joinedFrames(this.frames);
  }

  /** What even a listener that lags is sent; `null` when that is nothing. */
  get urgent(): Packet | null {
    if (this.#urgent === undefined) {
      const kept = this.said.filter((one) => !one.droppable);
      this.#urgent = kept.length > 0 ? new Packet(kept) : null;
    }
    return this.#urgent;
  }

  /** Whether any of what no listener may miss has a number. */
  get isNumbered(): boolean {
    return this.said.some(({ droppable, seq }) => !droppable && seq !== null);
  }

  /** The log numbers that a listener misses when it is sent `urgent` only. */
  get missable(): SeqRange | null {
    if (this.#missable === undefined) {
      const seqs: number[] = [];
      for (const { seq, droppable } of this.said) {
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

function joinedFrames(frames: readonly Frame[]): Frame[] {
  const joined: Frame[] = [];
  let texts: string[] = [];
  for (const frame of frames) {
    if (typeof frame === "string") {
      texts.push(lineOf(frame));
      continue;
    }
    if (texts.length > 0) joined.push(texts.join("\n"));
    texts = [];
    joined.push(frame);
  }
  if (texts.length > 0) joined.push(texts.join("\n"));
  return joined;
}

/** JSON that a client wrote may have newlines between its tokens, only there. */
function lineOf(json: string): string {
  return json.includes("\n") ? json.replaceAll("\n", " ") : json;
}
