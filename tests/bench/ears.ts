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
  readonly #onWatched: () => void;
  readonly #watched: number;

  /**
   * @param options.watched the number of a sender.
   * @param options.onWatched called for each message of that sender.
   */
  constructor(
    kind: MarkKind,
    { tally, watched, onWatched }: {
      readonly tally: LoadTally;
      readonly watched: number;
      readonly onWatched: () => void;
    },
  ) {
    this.#kind = kind;
    this.#tally = tally;
    this.#watched = watched;
    this.#onWatched = onWatched;
  }

  onText(bytes: Uint8Array, start: number, end: number): void {
    const tally = this.#tally;
    tally.frames += 1;
    const now = nowMicros();
    for (const mark of findMarks(this.#kind, bytes, start, end)) {
      tally.delivered += 1;
      tally.latencies.add(now - mark.sentMicros);
      if (mark.sender === this.#watched) this.#onWatched();
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
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    connection: LoadConnection,
    sending: Sending,
    tally: LoadTally,
  ) {
    this.#connection = connection;
    this.#sending = sending;
    this.#tally = tally;
  }

  /** @param rank 0, 1, 2… among the senders. */
  start(rank: number): void {
    this.#isSending = true;
    const { pace, senders } = this.#sending;
    if ("everyMs" in pace) {
      const { everyMs } = pace;
      // Not all at once: a burst would be what is measured.
      this.#timer = setTimeout(() => {
        this.#timer = setInterval(() => this.#say(), everyMs);
      }, everyMs * rank / senders);
    } else {
      while (this.#inFlight < pace.inFlight) this.#say();
    }
  }

  stop(): void {
    this.#isSending = false;
    clearTimeout(this.#timer);
  }

  /** One of its messages was heard. */
  wasHeard(): void {
    this.#inFlight -= 1;
    if (this.#isSending && "inFlight" in this.#sending.pace) this.#say();
  }

  #say(): void {
    const { kind, frame, isBinary } = this.#sending;
    const connection = this.#connection;
    const text = frame.replace("{t}", markedText(kind, connection.index));
    if (isBinary) connection.sendBinary(text);
    else connection.send(text);
    this.#inFlight += 1;
    this.#tally.sent += 1;
  }
}
