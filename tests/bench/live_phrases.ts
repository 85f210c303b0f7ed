/**
 * What a live room says, as frames that were made before: only what differs
 * from one message to the next is written into them.
 *
 * @module
 */

import { serverFrame } from "../support/live_upstream_wire.ts";
import { OPCODE } from "../support/raw_socket.ts";
import { nowMicros } from "./marker.ts";

/** Messages after which the same kinds follow again. */
export const CYCLE = 100;

/** Likes that one message stands for. */
const LIKES = 3;

const ID_DIGITS = 9;
const ID = "#".repeat(ID_DIGITS);
const SEC = "1767225600";
const TIME = `${SEC}.000001`;
const MARK_DIGITS = 16;
const MARK = "@".repeat(MARK_DIGITS);

/** As `markedText` has it behind the time. */
const MARK_END = "00000".padEnd(46, "x");

const ZERO = "0".charCodeAt(0);

/** Where in the frames a message has what is its own. */
interface Places {
  readonly startIndex: number;
  readonly idIndex: number;
  readonly secIndex: number;
  /** -1 where it has no mark. */
  readonly markIndex: number;
}

/** A cycle of frames, one behind the other. */
interface Frames {
  readonly bytes: Uint8Array;
  readonly places: readonly Places[];
}

const FRAMES = newFrames();

/** A cycle of frames; whoever takes some has sent them before it takes more. */
export class LivePhrases {
  readonly #bytes = FRAMES.bytes.slice();
  readonly #places = FRAMES.places;

  /**
   * Messages from one number on, at most to the end of the cycle.
   *
   * @param first from 0.
   */
  take(first: number, count: number): Uint8Array {
    const micros = nowMicros();
    const firstIndex = first % CYCLE;
    const endIndex = Math.min(firstIndex + count, CYCLE);
    for (let index = firstIndex; index < endIndex; index++) {
      this.#date(index, { number: first + index - firstIndex, micros });
    }
    const from = this.#places[firstIndex]?.startIndex ?? 0;
    return this.#bytes.subarray(from, this.#places[endIndex]?.startIndex);
  }

  #date(
    index: number,
    { number, micros }: { readonly number: number; readonly micros: number },
  ): void {
    const place = this.#places[index];
    if (place === undefined) return;
    const { idIndex, secIndex, markIndex } = place;
    this.#write(number, idIndex, ID_DIGITS);
    this.#write(Math.floor(micros / 1e6), secIndex, SEC.length);
    this.#write(micros % 1e6, secIndex + SEC.length + 1, 6);
    if (markIndex >= 0) this.#write(micros, markIndex, MARK_DIGITS);
  }

  #write(value: number, at: number, digits: number): void {
    let rest = value;
    for (let index = at + digits - 1; index >= at; index--) {
      this.#bytes[index] = ZERO + rest % 10;
      rest = Math.floor(rest / 10);
    }
  }
}

function newFrames(): Frames {
  const frames: Uint8Array[] = [];
  const places: Places[] = [];
  let startIndex = 0;
  for (let index = 0; index < CYCLE; index++) {
    const text = JSON.stringify(message(index)).replace(`"${SEC}"`, TIME);
    const frame = serverFrame(OPCODE.text, text);
    frames.push(frame);
    places.push({ startIndex, ...placesIn(frame, startIndex) });
    startIndex += frame.length;
  }
  const bytes = new Uint8Array(startIndex);
  frames.forEach((frame, index) => {
    bytes.set(frame, places[index]?.startIndex);
  });
  return { bytes, places };
}

/** One of a crowd: in 100 messages 54 likes, 20 arrivals, 20 chats, 5 gifts. */
function message(index: number) {
  const user = {
    "user_id": String(7000 + index),
    "user_name": `User ${index}`,
    "user_avatar": "https://cdn.example/avatar.webp",
  };
  const own = { id: ID, timestamp: SEC };
  if (index === 0) {
    return {
      type: "stats",
      "current_viewers": 43_600,
      "total_viewers": "43.6万",
      ...own,
    };
  }
  if (index % 20 === 7) {
    const gift = { "gift_name": mark("E"), "gift_count": 1 };
    return { type: "gift", ...user, ...gift, ...own };
  }
  if (index % 5 === 1) {
    return { type: "chat", ...user, content: mark("T"), ...own };
  }
  if (index % 4 === 2) return { type: "member", ...user, gender: "女", ...own };
  return { type: "like", ...user, count: LIKES, ...own };
}

function mark(kind: "E" | "T"): string {
  return `~${kind}${MARK}${MARK_END}`;
}

function placesIn(
  frame: Uint8Array,
  startIndex: number,
): Omit<Places, "startIndex"> {
  const text = new TextDecoder("latin1").decode(frame);
  const mark = text.indexOf(MARK);
  return {
    idIndex: startIndex + text.indexOf(ID),
    secIndex: startIndex + text.indexOf(TIME),
    markIndex: mark < 0 ? -1 : startIndex + mark,
  };
}
