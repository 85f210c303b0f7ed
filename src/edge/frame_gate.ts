/**
 * Which frames of a connection are looked at at all, whatever it is for.
 *
 * A frame that is too large ends the connection. One too many is passed over
 * and answered; the answers have a pace of their own, so that a flood is not
 * met by another.
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

/** The first look at the frames of one connection. */
export class FrameGate {
  readonly #options: FrameGateOptions;
  readonly #budget = new InboundBudget();
  #answeredAt = -Infinity;

  constructor(options: FrameGateOptions) {
    this.#options = options;
  }

  /** Whether a frame may be looked at; otherwise it has been answered. */
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
    if (waitMs > 0) this.#refuse(waitMs, now);
    return waitMs === 0;
  }

  #refuse(waitMs: number, now: number): void {
    const { metrics, session } = this.#options;
    const code = "rate_limited";
    if (now - this.#answeredAt < ANSWER_PAUSE_MS) {
      return metrics.refusals.inc({ code });
    }
    this.#answeredAt = now;
    const retryAfterMs = Math.max(waitMs, ANSWER_PAUSE_MS);
    session.tell({ type: "error", code, retryAfterMs });
  }
}

/** Whether a frame has at most so many bytes, a text in UTF-8. */
function isWithin(frame: Frame, bytesMax: number): boolean {
  if (frame.length > bytesMax) return false;
  if (typeof frame !== "string" || frame.length * 3 <= bytesMax) return true;
  return new TextEncoder().encode(frame).length <= bytesMax;
}
