/**
 * Delivers the events of one lane, strictly in order, and says what came of it.
 *
 * Before each event it asks again whether one may begin: another lane of the
 * endpoint may have found out that it may not. The first event that fails ends
 * the round, since those behind it must not overtake it.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { CallbackEvent, EndpointName } from "../wire/callback.ts";
import type { AttemptOutcome, Attempts } from "./attempt.ts";
import type { Breaker } from "./breaker.ts";
import type { EndpointSwitch } from "./endpoint_switch.ts";
import { FailureNotice } from "./failure_notice.ts";
import type { Lane, LaneFailure, Settlement } from "./outbox.ts";
import { askedWaitMs, planRetry, type RetryPolicy } from "./retry_plan.ts";

/** What deliveries to one endpoint need. */
export interface LaneDeliveryOptions {
  readonly endpoint: EndpointName;
  readonly attempts: Attempts;
  readonly breaker: Breaker;
  readonly endpointSwitch: EndpointSwitch;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The breaker has closed. */
  readonly onRecovered: () => void;
}

/** What came of a lane. */
export interface LaneReport {
  /** `undefined` when nothing has changed. */
  readonly settlement: Settlement | undefined;
  /** The event that was given up, once that is written. */
  readonly dead: CallbackEvent | undefined;
}

type Failed = Extract<AttemptOutcome, { kind: "failed" }>;
type Head = Pick<Lane, "attempts" | "failingSince">;

const FRESH: Head = { attempts: 0, failingSince: null };

/** Deliveries to one endpoint. */
export class LaneDelivery {
  readonly #options: LaneDeliveryOptions;
  readonly #notice: FailureNotice;
  readonly #underWay = new Set<AbortController>();
  #isStopped = false;

  constructor(options: LaneDeliveryOptions) {
    this.#options = options;
    this.#notice = new FailureNotice(options.endpoint, options.log);
  }

  /** Attempts under way. */
  get inFlight(): number {
    return this.#underWay.size;
  }

  /** Whether an attempt may begin now. */
  get mayStart(): boolean {
    const { breaker, clock, endpointSwitch } = this.#options;
    return !this.#isStopped && endpointSwitch.isActive &&
      breaker.mayStart(clock.monotonic(), this.#underWay.size);
  }

  /** Delivers what it can. */
  async deliver(lane: Lane): Promise<LaneReport> {
    const { clock, endpoint } = this.#options;
    const delivered: number[] = [];
    let head: Head = lane;
    let failure: LaneFailure | null = null;
    let dead: CallbackEvent | undefined;
    for (const event of lane.events) {
      if (!this.mayStart) break;
      const outcome = await this.#attempt(event);
      if (outcome.kind !== "delivered") {
        failure = this.#failureOf(event, head, outcome);
        if (failure?.kind === "dead") dead = event;
        if (outcome.kind === "gone") {
          await this.#options.endpointSwitch.disable();
        }
        break;
      }
      this.#onDelivered(event);
      delivered.push(event.number);
      head = FRESH;
    }
    if (delivered.length === 0 && failure === null) {
      return { settlement: undefined, dead };
    }
    const { roomId } = lane;
    const at = clock.now();
    const settlement = { endpoint, roomId, at, delivered, failure };
    return { settlement, dead };
  }

  /** Begins nothing more and cuts what is under way. */
  stop(): void {
    this.#isStopped = true;
    for (const controller of this.#underWay) controller.abort();
  }

  async #attempt(event: CallbackEvent): Promise<AttemptOutcome> {
    const controller = new AbortController();
    this.#underWay.add(controller);
    try {
      return await this.#options.attempts.make(event, controller.signal);
    } finally {
      this.#underWay.delete(controller);
    }
  }

  #onDelivered({ at }: CallbackEvent): void {
    const { breaker, clock, endpoint, metrics } = this.#options;
    const now = clock.now();
    metrics.callbacksDelivered.inc({ endpoint });
    metrics.callbackDelaySeconds.observe(Math.max(0, now - at) / 1000);
    this.#notice.worked(now);
    if (breaker.noteSuccess()) this.#options.onRecovered();
  }

  #failureOf(
    event: CallbackEvent,
    head: Head,
    outcome: Exclude<AttemptOutcome, { kind: "delivered" }>,
  ): LaneFailure | null {
    const { clock, endpoint, metrics } = this.#options;
    switch (outcome.kind) {
      case "cut":
        return null;
      case "gone":
        metrics.callbackAttemptsFailed.inc({ endpoint });
        return null;
      case "postponed":
        return { kind: "postponed", dueAt: clock.now() + outcome.waitMs };
      case "failed":
        metrics.callbackAttemptsFailed.inc({ endpoint });
        return this.#onFailed(event, head, outcome);
    }
  }

  #onFailed(event: CallbackEvent, head: Head, outcome: Failed): LaneFailure {
    const { clock, endpoint, ids, log, retry } = this.#options;
    const { error, retryAfterMs } = outcome;
    const now = clock.now();
    const attempts = head.attempts + 1;
    const failingSince = head.failingSince ?? now;
    const { id } = event;
    log.debug(`Callback ${id} failed: ${error}`, {
      event: "callback_attempt_failed",
      endpoint,
      id,
      attempts,
    });
    const failed = { attempts, failingSince, now, retryAfterMs };
    if (outcome.isAnswer) this.#noteFailure(outcome, failed);
    const plan = planRetry(retry, { ...failed, fraction: ids.fraction() });
    if (plan === "dead") {
      return { kind: "dead", number: event.number, attempts, error };
    }
    return { kind: "retry", ...plan, attempts, failingSince, error };
  }

  #noteFailure(
    { error, isHold }: Failed,
    failed: Parameters<typeof askedWaitMs>[0],
  ): void {
    const { breaker, clock } = this.#options;
    const nowMs = clock.monotonic();
    this.#notice.failed(error, failed.now);
    breaker.noteFailure(nowMs);
    if (isHold) breaker.hold(nowMs + askedWaitMs(failed));
  }
}
