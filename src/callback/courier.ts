/**
 * Serves one endpoint: looks which lanes are due, has them delivered, several
 * at once, and sleeps until the next is due.
 *
 * The database is the queue. All that is held here is which rooms are being
 * served, so memory does not grow with the backlog, and a process that dies
 * leaves nothing behind but events that still wait.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { CallbackEvent, EndpointName } from "../wire/callback.ts";
import type { Breaker } from "./breaker.ts";
import type { EndpointSwitch } from "./endpoint_switch.ts";
import type { LaneDelivery, LaneReport } from "./lane_delivery.ts";
import type { DeliveryQueue, Lane, Settlement } from "./outbox.ts";
import type { RetryPolicy } from "./retry_plan.ts";
import type { Settler } from "./settler.ts";
import { StoreFailures } from "./store_failures.ts";

/** What a courier works with. */
export interface CourierOptions {
  readonly endpoint: EndpointName;
  /** Most lanes in flight. */
  readonly lanesMax: number;
  readonly queue: Pick<DeliveryQueue, "due" | "release">;
  readonly delivery: LaneDelivery;
  readonly breaker: Breaker;
  readonly endpointSwitch: EndpointSwitch;
  readonly settler: Settler;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Most events of a lane in one go: rooms with a backlog take turns. */
const LANE_EVENTS_MAX = 16;
/** A longer sleep would miss that the wall clock was set forward. */
const SLEEP_MS_MAX = 60_000;
/** A shorter one would be a loop, were the database to name no lane. */
const SLEEP_MS_MIN = 20;
/** A room whose delivery met a bug is left alone for so long. */
const BUG_WAIT_MS = 1000;
/**
 * Least time between two releases. An endpoint that takes one room and refuses
 * others opens and closes the breaker all the time; if each closing made the
 * refused ones due, their growing waits would never grow.
 */
const RELEASE_GAP_MS = 60_000;

/** A wall clock that falls back by less is being corrected, not set. */
const STEP_MS_MIN = 5000;

/** Delivers what waits for one endpoint. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #failures: StoreFailures;
  #isRunning = false;
  #looking: Promise<void> | undefined;
  #mustLookAgain = false;
  #timer: Disposable | undefined;
  #wantsRelease = false;
  #releasedMs = -Infinity;
  #postponedUntil = 0;
  /** How far the wall clock is ahead of the monotonic one. */
  #aheadMs = -Infinity;
  #idleWaiters: (() => void)[] = [];

  constructor(options: CourierOptions) {
    this.#options = options;
    const { endpoint } = options;
    this.#failures = new StoreFailures({
      ...options,
      failedLine: `Cannot read the callbacks that wait for ${endpoint}`,
      workedLine: `Callbacks that wait for ${endpoint} are read again`,
      noun: "callback_queue",
      fields: { endpoint },
    });
  }

  /** Whether nothing but itself keeps a new event from being delivered. */
  get isFlowing(): boolean {
    const { breaker, clock, endpointSwitch } = this.#options;
    return this.#isRunning && endpointSwitch.isActive &&
      breaker.state === "closed" && breaker.nextMs <= clock.monotonic();
  }

  /** Begins. */
  start(): void {
    this.#isRunning = true;
    this.wake();
  }

  /** Looks for lanes that are due, now or right after the look under way. */
  wake(): void {
    if (!this.#isRunning) return;
    if (this.#looking !== undefined) {
      this.#mustLookAgain = true;
      return;
    }
    this.#looking = this.#look();
  }

  /** The endpoint works again: what waits for a retry need not any more. */
  release(): void {
    const nowMs = this.#options.clock.monotonic();
    if (nowMs - this.#releasedMs >= RELEASE_GAP_MS) {
      this.#releasedMs = nowMs;
      this.#wantsRelease = true;
    }
    this.wake();
  }

  /**
   * Resolves when nothing is due or under way. What waits for a retry, or for
   * an endpoint that is stopped or failing, is not due.
   */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Whether {@linkcode idle} would resolve now. */
  get isIdle(): boolean {
    if (this.#looking !== undefined || this.#lanes.size > 0) return false;
    if (!this.#isRunning || !this.#options.endpointSwitch.isActive) return true;
    const { breaker, clock } = this.#options;
    if (breaker.nextMs > clock.monotonic()) return true;
    return !this.#failures.isFailing && this.#postponedUntil <= clock.now();
  }

  /** Begins nothing new, cuts what is under way, and waits for its end. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#wakeUp();
    this.#options.delivery.stop();
    await this.#looking;
    await Promise.all(this.#lanes.values());
    this.#tellIdle();
  }

  async #look(): Promise<void> {
    do {
      this.#mustLookAgain = false;
      this.#wakeUp();
      await this.#lookOnce();
    } while (this.#mustLookAgain && this.#isRunning);
    this.#looking = undefined;
    this.#tellIdle();
  }

  async #lookOnce(): Promise<void> {
    const { breaker, clock, endpoint, queue } = this.#options;
    this.#checkClock();
    const lanesMax = this.#lanesFree();
    if (lanesMax === 0) return this.#sleepUntil(clock.now());
    try {
      await this.#releaseIfWanted();
      const { lanes, nextDueAt } = await queue.due({
        endpoint,
        now: clock.now(),
        lanesMax,
        eventsMax: LANE_EVENTS_MAX,
        isProbe: breaker.state === "open",
        except: [...this.#lanes.keys()],
      });
      this.#failures.worked();
      for (const lane of lanes) this.#serve(lane);
      this.#sleepUntil(nextDueAt);
    } catch (error) {
      this.#sleepUntil(clock.now() + this.#failures.failed(error));
    }
  }

  /** How many more lanes may be served now. */
  #lanesFree(): number {
    const { breaker, delivery, lanesMax } = this.#options;
    if (!this.#isRunning || !delivery.mayStart) return 0;
    const free = lanesMax - this.#lanes.size;
    return breaker.state === "open" ? Math.min(1, free) : free;
  }

  /** What is due by a clock that was set back since is due now. */
  #checkClock(): void {
    const { clock } = this.#options;
    const aheadMs = clock.now() - clock.monotonic();
    if (aheadMs < this.#aheadMs - STEP_MS_MIN) this.#wantsRelease = true;
    this.#aheadMs = aheadMs;
  }

  async #releaseIfWanted(): Promise<void> {
    if (!this.#wantsRelease) return;
    const { clock, endpoint, queue, retry } = this.#options;
    // One that fails again goes on with the short waits of its kind.
    const attemptsMax = retry.retriesMax + 1;
    await queue.release(endpoint, clock.now(), attemptsMax);
    this.#wantsRelease = false;
  }

  #serve(lane: Lane): void {
    const { roomId } = lane;
    const served = this.#deliver(lane).then(() => {
      this.#lanes.delete(roomId);
      if (this.#isRunning) this.wake();
      else this.#tellIdle();
    });
    this.#lanes.set(roomId, served);
  }

  async #deliver(lane: Lane): Promise<void> {
    const { settler } = this.#options;
    const { settlement, dead } = await this.#reportOf(lane);
    if (settlement === undefined) return;
    if (settlement.failure?.kind === "postponed") {
      const { dueAt } = settlement.failure;
      this.#postponedUntil = Math.max(this.#postponedUntil, dueAt);
    }
    const isWritten = await settler.settle(settlement);
    if (isWritten && dead !== undefined) this.#onDead(dead, settlement);
  }

  async #reportOf(lane: Lane): Promise<LaneReport> {
    const { clock, delivery, endpoint, log } = this.#options;
    try {
      return await delivery.deliver(lane);
    } catch (error) {
      const { roomId } = lane;
      log.error("Failed to deliver callbacks of a room", {
        event: "callback_lane_failed",
        endpoint,
        room: roomId,
        error,
      });
      const at = clock.now();
      const failure = { kind: "postponed", dueAt: at + BUG_WAIT_MS } as const;
      const settlement = { endpoint, roomId, at, delivered: [], failure };
      return { settlement, dead: undefined };
    }
  }

  #onDead(event: CallbackEvent, { failure }: Settlement): void {
    const { endpoint, log, metrics } = this.#options;
    metrics.callbacksDead.inc({ endpoint });
    const { id, roomId, type } = event;
    const error = failure?.kind === "dead" ? failure.error : "";
    log.warn(`Gave up callback ${id} to ${endpoint}: ${error}`, {
      event: "callback_died",
      endpoint,
      id,
      room: roomId,
      type,
    });
  }

  #sleepUntil(dueAt: number | null): void {
    const { breaker, clock, endpointSwitch } = this.#options;
    if (!this.#isRunning || !endpointSwitch.isActive || dueAt === null) return;
    const waitMs = Math.max(
      dueAt - clock.now(),
      breaker.nextMs - clock.monotonic(),
    );
    // The end of a lane in flight looks again.
    if (waitMs <= 0 && this.#lanesFree() === 0) return;
    const sleepMs = Math.min(Math.max(waitMs, SLEEP_MS_MIN), SLEEP_MS_MAX);
    this.#timer = clock.after(sleepMs, () => {
      this.#timer = undefined;
      this.wake();
    });
  }

  #wakeUp(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #tellIdle(): void {
    if (!this.isIdle) return;
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const tell of waiters) tell();
  }
}
