/**
 * A body that has to keep coming.
 *
 * Memory is set aside for an upload before it is read. A sender who stalls
 * would keep it for as long as the connection lives.
 *
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import { ChatError } from "../../wire/errors.ts";

/** How long a body may take beside its bytes, in ms. */
export const STALL_MS_MAX = 30_000;

/** How many bytes arrive in a ms at least. */
export const BYTES_PER_MS_MIN = 64;

/** What is expected of a body. */
export interface Expected {
  /** What was announced. */
  readonly bytesMax: number;
  readonly clock: Pick<Clock, "after" | "monotonic">;
}

/**
 * Reads a body, and cancels it when it falls behind.
 *
 * @throws {ChatError} `busy` when it is late, since the same body may arrive
 * in time another time, or `bad_request` when it is longer than announced.
 */
export async function* timelyBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { bytesMax, clock }: Expected,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  using watch = new Watch(clock, () => cancel(reader));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (watch.isLate) throw late();
      if (done) return;
      watch.received += value.length;
      if (watch.received > bytesMax) throw tooLong();
      yield value;
    }
  } finally {
    cancel(reader);
  }
}

/** Looks at how far a body has come. */
class Watch implements Disposable {
  received = 0;
  isLate = false;
  readonly #clock: Expected["clock"];
  readonly #onLate: () => void;
  readonly #startedMs: number;
  #timer: Disposable;

  constructor(clock: Expected["clock"], onLate: () => void) {
    this.#clock = clock;
    this.#onLate = onLate;
    this.#startedMs = clock.monotonic();
    this.#timer = this.#lookIn(STALL_MS_MAX);
  }

  #lookIn(delayMs: number): Disposable {
    return this.#clock.after(delayMs, () => this.#look());
  }

  #look(): void {
    const grantedMs = STALL_MS_MAX + this.received / BYTES_PER_MS_MIN;
    const leftMs = this.#startedMs + grantedMs - this.#clock.monotonic();
    if (leftMs > 0) {
      this.#timer = this.#lookIn(Math.ceil(leftMs));
      return;
    }
    this.isLate = true;
    this.#onLate();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}

/** A body that broke off is nothing to cancel, and no failure of ours. */
function cancel(reader: ReadableStreamDefaultReader): void {
  reader.cancel().catch(() => {});
}

function late(): ChatError {
  const message = "The upload came too slowly: send it again";
  return new ChatError("busy", { message, retryAfterMs: 1000 });
}

function tooLong(): ChatError {
  const message = "The body is longer than its Content-Length";
  return new ChatError("bad_request", { message });
}
