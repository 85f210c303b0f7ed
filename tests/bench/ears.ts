/**
 * What a load connection does with what it hears: count it, or also time it
 * and say the next thing.
 *
 * @module
 */

import type { Ear, LoadConnection } from "./load_connection.ts";
import type { Sending } from "./load_job.ts";
import type { LoadTally } from "./load_tally.ts";
import { countMarks, findMarks, markedText, nowMicros } from "./marker.ts";
import type { MarkKind } from "./marker.ts";

/** Counts only: the cheapest that a listener can be. */
export class CountingEar implements Ear {
  readonly #kind: MarkKind;
  readonly #tally: LoadTally;

  constructor(kind: MarkKind, tally: LoadTally) {
    this.#kind = kind;
    this.#tally = tally;
  }

  onText(bytes: Uint8Array, start: number, end: number): void {
    this.#tally.frames += 1;
    this.#tally.delivered += countMarks(this.#kind, bytes, start, end);
  }

  onRead(byteCount: number): void {
    this.#tally.bytes += byteCount;
  }

  onGone(): void {
    this.#tally.closed += 1;
  }
}

/** Counts and times. */
export class TimingEar implements Ear {
  readonly #kind: MarkKind;
  readonly #tally: LoadTally;
  readonly #onOwn: () => void;
  readonly #index: number;

  /** @param options.onOwn called for each message of this very connection. */
  constructor(
    kind: MarkKind,
    { tally, index, onOwn }: {
      readonly tally: LoadTally;
      readonly index: number;
      readonly onOwn: () => void;
    },
  ) {
    this.#kind = kind;
    this.#tally = tally;
    this.#index = index;
    this.#onOwn = onOwn;
  }

  onText(bytes: Uint8Array, start: number, end: number): void {
    const tally = this.#tally;
    tally.frames += 1;
    const now = nowMicros();
    for (const mark of findMarks(this.#kind, bytes, start, end)) {
      tally.delivered += 1;
      tally.latencies.add(now - mark.sentMicros);
      if (mark.sender === this.#index) this.#onOwn();
    }
  }

  onRead(byteCount: number): void {
    this.#tally.bytes += byteCount;
  }

  onGone(): void {
    this.#tally.closed += 1;
  }
}

/** Says messages on one connection, at a pace, while it is started. */
export class Sender {
  readonly #connection: LoadConnection;
  readonly #sending: Sending;
  readonly #tally: LoadTally;
  #inFlight = 0;
  #isSending = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    connection: LoadConnection,
    sending: Sending,
    tally: LoadTally,
  ) {
    this.#connection = connection;
    this.#sending = sending;
    this.#tally = tally;
  }

  start(): void {
    this.#isSending = true;
    const { pace } = this.#sending;
    if ("everyMs" in pace) {
      this.#timer = setInterval(() => this.#say(), pace.everyMs);
    } else {
      while (this.#inFlight < pace.inFlight) this.#say();
    }
  }

  stop(): void {
    this.#isSending = false;
    clearInterval(this.#timer);
  }

  /** One of its messages came back. */
  cameBack(): void {
    this.#inFlight -= 1;
    if (this.#isSending && "inFlight" in this.#sending.pace) this.#say();
  }

  #say(): void {
    const { kind, frame } = this.#sending;
    const text = markedText(kind, this.#connection.index);
    this.#connection.send(frame.replace("{t}", text));
    this.#inFlight += 1;
    this.#tally.sent += 1;
  }
}
