/**
 * One attempt to deliver one event: its body made, sent, and the answer
 * judged. What follows from it is for others to decide.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { CallbackEvent } from "../wire/callback.ts";
import type { Post, PostResult } from "./post.ts";

/** Makes what is sent. */
export interface Bodies {
  /** An event as JSON; rejects when the database cannot be read now. */
  textOf(event: CallbackEvent): Promise<string>;
}

/** What came of an attempt. */
export type AttemptOutcome =
  | { readonly kind: "delivered" }
  | {
    readonly kind: "failed";
    readonly error: string;
    readonly retryAfterMs: number | null;
    /** Whether it is the endpoint that asked everyone to wait. */
    readonly isHold: boolean;
    /** Whether it says anything about the endpoint. */
    readonly isAnswer: boolean;
  }
  /** The endpoint wants no more of this, ever: 410. */
  | { readonly kind: "gone" }
  /** Not tried: this event waits for something else. */
  | { readonly kind: "postponed"; readonly waitMs: number }
  /** Cut off by us; whether it arrived is not known. */
  | { readonly kind: "cut" };

/** What attempts at one endpoint need. */
export interface AttemptsOptions {
  readonly url: string;
  readonly bodies: Bodies;
  /** Whether an event has to wait for what its room sends elsewhere. */
  readonly mustWait: (event: CallbackEvent) => Promise<boolean>;
  /** Whether an error is the database's, and so passes. */
  readonly isStoreFailure: (error: unknown) => boolean;
  readonly post: Post;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * How long an event waits for its turn before it asks again: as long as it has
 * waited so far, within these. A thousand rooms may end at once.
 */
const TURN_WAIT_MS_MIN = 200;
const TURN_WAIT_MS_MAX = 5000;
/** How long an event waits when the database cannot be read. */
const STORE_WAIT_MS = 1000;

/** Attempts at one endpoint. */
export class Attempts {
  readonly #options: AttemptsOptions;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** Makes one; never rejects. Aborting `signal` cuts it. */
  async make(
    event: CallbackEvent,
    signal: AbortSignal,
  ): Promise<AttemptOutcome> {
    const { url } = this.#options;
    const body = await this.#bodyOf(event);
    if (signal.aborted) return { kind: "cut" };
    if (typeof body !== "string") return body;
    const result = await this.#send({ url, id: event.id, body }, signal);
    if (result.ok) return { kind: "delivered" };
    if (signal.aborted) return { kind: "cut" };
    if (result.status === 410) return { kind: "gone" };
    const { status, error, retryAfterMs } = result;
    const isHold = status === 429 || status === 503;
    return { kind: "failed", error, retryAfterMs, isHold, isAnswer: true };
  }

  async #bodyOf(event: CallbackEvent): Promise<string | AttemptOutcome> {
    const { bodies, clock, mustWait, isStoreFailure, log } = this.#options;
    try {
      if (await mustWait(event)) {
        const waitMs = turnWaitMs(clock.now() - event.at);
        return { kind: "postponed", waitMs };
      }
      return await bodies.textOf(event);
    } catch (error) {
      if (isStoreFailure(error)) {
        return { kind: "postponed", waitMs: STORE_WAIT_MS };
      }
      const { id, type } = event;
      log.error("Cannot make the body of a callback", {
        event: "callback_body_failed",
        id,
        type,
        error,
      });
      return bugOutcome("Cannot make the body");
    }
  }

  async #send(
    parcel: Parameters<Post>[0],
    signal: AbortSignal,
  ): Promise<PostResult> {
    const { clock, metrics, post } = this.#options;
    const startedMs = clock.monotonic();
    const result = await post(parcel, signal);
    const tookMs = clock.monotonic() - startedMs;
    metrics.callbackSeconds.observe(tookMs / 1000);
    return result;
  }
}

function turnWaitMs(ageMs: number): number {
  return Math.min(Math.max(ageMs, TURN_WAIT_MS_MIN), TURN_WAIT_MS_MAX);
}

/** A bug is no fault of the endpoint, and must not block a room for ever. */
function bugOutcome(error: string): AttemptOutcome {
  return {
    kind: "failed",
    error,
    retryAfterMs: null,
    isHold: false,
    isAnswer: false,
  };
}
