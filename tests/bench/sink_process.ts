/**
 * A receiver of callbacks, from the side that starts it.
 *
 * @module
 */

import { Child } from "./child.ts";
import { pause } from "./pace.ts";

/** How many events came, repeated ones too. */
export interface SinkCount {
  readonly received: number;
  /** When the last came, in µs of epoch. */
  readonly lastMicros: number;
}

/** Which events came. */
export interface SinkNotes extends SinkCount {
  /** When each came first, in µs of epoch, by {@linkcode eventKey}. */
  readonly arrivals: readonly (readonly [key: string, micros: number])[];
}

/** What tells an event from others: a user joins and leaves once. */
export function eventKey(type: string, userId: string): string {
  return `${type} ${userId}`;
}

/** With nothing arriving for so long, what is missing will not come, in ms. */
const SILENCE_MS_MAX = 10_000;
const POLL_MS = 20;

export class SinkProcess implements AsyncDisposable {
  readonly #child: Child;
  readonly #port: number;

  constructor(child: Child, port: number) {
    this.#child = child;
    this.#port = port;
  }

  /** Starts one that answers each event after so many ms. */
  static async start(answerMs: number): Promise<SinkProcess> {
    const child = new Child("tests/bench/callback_sink.ts", {
      args: [String(answerMs)],
    });
    try {
      return new SinkProcess(child, await child.listeningPort());
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where events are posted. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** How many came since the notes were taken. */
  async count(): Promise<SinkCount> {
    const response = await fetch(this.url);
    return await response.json();
  }

  /** What came since it was last asked this. */
  async takeNotes(): Promise<SinkNotes> {
    const response = await fetch(this.url, { method: "DELETE" });
    return await response.json();
  }

  /**
   * Waits until so many events came, and no longer than while some come.
   *
   * @returns when the last came, in µs of epoch.
   */
  async untilReceived(count: number): Promise<number> {
    let seen = -1;
    let silentMs = 0;
    for (;;) {
      const { received, lastMicros } = await this.count();
      if (received >= count || silentMs >= SILENCE_MS_MAX) return lastMicros;
      silentMs = received === seen ? silentMs + POLL_MS : 0;
      seen = received;
      await pause(POLL_MS);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}
