/**
 * Which frames of a connection are looked at at all, whatever it is for.
 *
 * A frame that is too large ends the connection. One too many is passed over,
 * and how many were is told. The answers have a pace of their own, so that a
 * flood is not met by another; at its end a timer tells of the last ones.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Metrics } from "../base/metrics.ts";
import type { Frame } from "../wire/packet.ts";
import { InboundBudget } from "./inbound_budget.ts";
import type { SocketSession } from "./socket_session.ts";

export interface FrameGateOptions {
  readonly session: Pick<SocketSession, "breakOff" | "isGone" | "tell">;
  readonly frameBytesMax: number;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Least time between two answers to frames that are too many, in ms. */
export const ANSWER_PAUSE_MS = 100;

/** The code of an answer to frames that are too many. */
const CODE = "rate_limited";

/** The first look at the frames of one connection; dispose it with that. */
export class FrameGate implements Disposable {
  readonly #options: FrameGateOptions;
  readonly #budget = new InboundBudget();
  /** Frames that were passed over since the last answer. */
  #passedOverCount = 0;
  /** When there is room for the last of them; by the monotonic clock. */
  #roomAt = 0;
  #answeredAt = -Infinity;
  /** Until the next answer is due. */
  #pause: Disposable | undefined;

  constructor(options: FrameGateOptions) {
    this.#options = options;
  }

  /** Whether a frame may be looked at; otherwise it is answered. */
  admits(frame: Frame): boolean {
    const { clock, frameBytesMax, metrics, session } = this.#options;
    if (session.isGone) return false;
    metrics.framesIn.inc();
    if (!isWithin(frame, frameBytesMax)) {
      session.tell({ type: "error", code: "frame_too_large" });
      session.breakOff("frame_too_large");
      return false;
    }
    const now = clock.monotonic();
    const waitMs = this.#budget.take(frame.length, now);
    if (waitMs > 0) this.#passOver(waitMs, now);
    return waitMs === 0;
  }

  /** Tells nothing more: the session is gone. */
  [Symbol.dispose](): void {
    this.#endPause();
    this.#count(this.#passedOverCount);
    this.#passedOverCount = 0;
  }

  #passOver(waitMs: number, now: number): void {
    const { clock } = this.#options;
    this.#passedOverCount += 1;
    this.#roomAt = now + waitMs;
    const pauseMs = this.#answeredAt + ANSWER_PAUSE_MS - now;
    if (pauseMs <= 0) return this.#answer(now);
    this.#pause ??= clock.after(
      pauseMs,
      () => this.#answer(clock.monotonic()),
    );
  }

  #answer(now: number): void {
    this.#endPause();
    this.#answeredAt = now;
    const count = this.#passedOverCount;
    this.#passedOverCount = 0;
    // The session counts the one that it tells of.
    this.#count(count - 1);
    const waitMs = Math.ceil(this.#roomAt - now);
    this.#options.session.tell({
      type: "error",
      code: CODE,
      message: `Too many frames: ${count} passed over`,
      retryAfterMs: Math.max(waitMs, ANSWER_PAUSE_MS),
    });
  }

  #endPause(): void {
    this.#pause?.[Symbol.dispose]();
    this.#pause = undefined;
  }

  #count(frames: number): void {
    if (frames > 0) this.#options.metrics.refusals.inc({ code: CODE }, frames);
  }
}

/** Whether a frame has at most so many bytes, a text in UTF-8. */
function isWithin(frame: Frame, bytesMax: number): boolean {
  if (frame.length > bytesMax) return false;
  if (typeof frame !== "string" || frame.length * 3 <= bytesMax) return true;
  return new TextEncoder().encode(frame).length <= bytesMax;
}
