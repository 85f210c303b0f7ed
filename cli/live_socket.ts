/**
 * One connection to the socket of a live room, which ends also when the other
 * side is gone without a word.
 *
 * @module
 */

import type { Clock } from "../src/base/clock.ts";
import type { OpenSocket, SocketEnd, TextSocket } from "./text_socket.ts";

/** How often it is looked whether the other side is there, in ms. */
const LOOK_MS = 15_000;
/** After so long without a word the connection is taken for dead, in ms. */
const SILENCE_MS_MAX = 45_000;

const PING = JSON.stringify({ type: "ping" });

/** What {@linkcode LiveSocket} is made of. */
export interface LiveSocketOptions {
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly url: string;
  readonly onText: (text: string) => void;
}

/** A connection, until disposed. */
export class LiveSocket implements Disposable {
  /** Resolves once, when the connection is over; not when it is disposed. */
  readonly ended: Promise<SocketEnd>;
  readonly #clock: Clock;
  readonly #socket: TextSocket;
  readonly #end: (end: SocketEnd) => void;
  #heardAt: number;
  #isOver = false;
  #look: Disposable;

  constructor({ openSocket, clock, url, onText }: LiveSocketOptions) {
    const { promise, resolve } = Promise.withResolvers<SocketEnd>();
    this.ended = promise;
    this.#end = resolve;
    this.#clock = clock;
    this.#heardAt = clock.monotonic();
    this.#socket = openSocket(url, {
      onText: (text) => {
        if (this.#isOver) return;
        this.#heardAt = clock.monotonic();
        onText(text);
      },
      onEnd: (end) => this.#finish(end),
    });
    this.#look = clock.after(LOOK_MS, () => this.#onLook());
  }

  /** Leaves; nothing is told after it. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#look[Symbol.dispose]();
    this.#socket.close();
  }

  #onLook(): void {
    const silentMs = this.#clock.monotonic() - this.#heardAt;
    if (silentMs >= SILENCE_MS_MAX) {
      const secs = SILENCE_MS_MAX / 1000;
      return this.#finish({ code: 1006, reason: `no word for ${secs} s` });
    }
    this.#socket.send(PING);
    this.#look = this.#clock.after(LOOK_MS, () => this.#onLook());
  }

  #finish(end: SocketEnd): void {
    if (this.#isOver) return;
    this[Symbol.dispose]();
    this.#end(end);
  }
}
