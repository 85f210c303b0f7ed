/**
 * Callbacks to all endpoints: each has a courier of its own, so that one that
 * is dead delays only itself. What they share is the writing of outcomes, and
 * one rule: a room's end is told after its last batches.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { inTime } from "../base/deadline.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import {
  type CallbackEvent,
  ENDPOINT_NAMES,
  type EndpointName,
} from "../wire/callback.ts";
import { ChatError } from "../wire/errors.ts";
import type { Bodies } from "./attempt.ts";
import type { EndpointStatus } from "./endpoint_status.ts";
import { Outlet, retiredStatus } from "./outlet.ts";
import type {
  DeliveryQueue,
  EndpointHistory,
  EndpointTable,
} from "./outbox.ts";
import type { Post } from "./post.ts";
import type { RetryPolicy } from "./retry_plan.ts";
import { Settler } from "./settler.ts";

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly urls: Readonly<Record<EndpointName, string | undefined>>;
  readonly queue: DeliveryQueue;
  readonly endpoints: EndpointTable;
  readonly bodies: Bodies;
  /** Whether an error of `bodies` or `queue` is the database's, and passes. */
  readonly isStoreFailure: (error: unknown) => boolean;
  readonly post: Post;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Endpoints of the batches that a room's end waits for. */
const BATCH_ENDPOINTS: readonly EndpointName[] = [
  "chat-history",
  "session-history",
];

/** Delivers events, and lets an operator see and steer how. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #settler: Settler;
  readonly #outlets = new Map<EndpointName, Outlet>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#settler = new Settler(options);
    for (const name of ENDPOINT_NAMES) {
      const url = options.urls[name];
      if (url === undefined) continue;
      const outlet = new Outlet({
        ...options,
        name,
        url,
        settler: this.#settler,
        mustWait: (event) => this.#mustWait(event),
      });
      this.#outlets.set(name, outlet);
    }
  }

  /**
   * Reads the endpoints' rows, and writes those that are new or have a new URL.
   * To be called once, before anything else; also when nothing is delivered.
   */
  async open(): Promise<void> {
    const { clock, queue } = this.#options;
    await queue.recall(clock.now());
    const rows = byName(await this.#options.endpoints.endpoints());
    for (const [name, outlet] of this.#outlets) {
      await outlet.open(rows.get(name));
    }
  }

  /** Begins to deliver. */
  start(): void {
    for (const outlet of this.#outlets.values()) outlet.courier.start();
  }

  /** Says that events wait which did not before. */
  wake(): void {
    for (const { courier } of this.#outlets.values()) courier.wake();
  }

  /**
   * Every endpoint that has a URL, and those without one that still have events
   * waiting or given up.
   */
  async status(): Promise<EndpointStatus[]> {
    const { endpoints } = this.#options;
    const histories = byName(await endpoints.histories());
    const rows = byName(await endpoints.endpoints());
    return ENDPOINT_NAMES.flatMap((name) => {
      const history = histories.get(name) ?? noHistory(name);
      const outlet = this.#outlets.get(name);
      if (outlet !== undefined) return [outlet.status(history)];
      if (history.backlog === 0 && history.dead === 0) return [];
      return [retiredStatus(history, rows.get(name))];
    });
  }

  /**
   * Lets deliveries go on, whatever stopped them, at once.
   *
   * @throws {ChatError} `endpoint_not_found`.
   */
  async enable(name: string): Promise<EndpointStatus> {
    const outlet = this.#outletOf(name);
    await outlet.endpointSwitch.enable();
    return this.#goOn(outlet);
  }

  /**
   * Holds deliveries back. What is under way goes on to its end.
   *
   * @throws {ChatError} `endpoint_not_found`, or `endpoint_disabled` when the
   * endpoint holds them back itself.
   */
  async pause(name: string): Promise<EndpointStatus> {
    const outlet = this.#outletOf(name);
    await outlet.endpointSwitch.pause();
    outlet.courier.wake();
    return this.#statusOf(outlet);
  }

  /**
   * Lets deliveries go on that an operator had paused, at once.
   *
   * @throws {ChatError} `endpoint_not_found`, or `endpoint_disabled` when the
   * endpoint itself stopped them: enable it.
   */
  async resume(name: string): Promise<EndpointStatus> {
    const outlet = this.#outletOf(name);
    await outlet.endpointSwitch.resume();
    return this.#goOn(outlet);
  }

  /**
   * Waits until nothing is due or under way, at most so long. What waits for a
   * retry, or for an endpoint that is stopped or failing, does not count.
   */
  async drain(msMax: number): Promise<void> {
    this.wake();
    const { clock } = this.#options;
    await inTime(this.#allIdle(), { clock, msMax, late: undefined });
  }

  /**
   * Begins nothing new, cuts what is under way, and writes what was delivered.
   * What was cut waits for the next start.
   */
  async stop(): Promise<void> {
    const outlets = [...this.#outlets.values()];
    const stopped = Promise.all(outlets.map(({ courier }) => courier.stop()));
    await this.#settler.stop();
    await stopped;
  }

  /** Brings the gauges up to date. Never rejects. */
  async observe(): Promise<void> {
    const { endpoints, log, metrics } = this.#options;
    const { callbackBacklog, callbackBlocked } = metrics;
    for (const [endpoint, outlet] of this.#outlets) {
      callbackBlocked.set({ endpoint }, outlet.isBlocked ? 1 : 0);
    }
    try {
      const histories = byName(await endpoints.histories());
      const names = new Set([...this.#outlets.keys(), ...histories.keys()]);
      for (const endpoint of names) {
        const backlog = histories.get(endpoint)?.backlog ?? 0;
        callbackBacklog.set({ endpoint }, backlog);
      }
    } catch (error) {
      // The last values stay.
      log.debug("Cannot count the callbacks that wait", {
        event: "callback_count_failed",
        error,
      });
    }
  }

  async #allIdle(): Promise<void> {
    const couriers = [...this.#outlets.values()].map(({ courier }) => courier);
    // One that was idle may be woken by the end of another's last batch.
    while (!couriers.every(({ isIdle }) => isIdle)) {
      await Promise.all(couriers.map((courier) => courier.idle()));
    }
  }

  /** A room's end is told after its last batches, if those flow. */
  async #mustWait({ roomId, type }: CallbackEvent): Promise<boolean> {
    if (type !== "RoomClosed") return false;
    const lanes = await this.#options.queue.lanesOf(roomId);
    return lanes.some(({ endpoint, attempts }) =>
      attempts === 0 && BATCH_ENDPOINTS.includes(endpoint) &&
      this.#outlets.get(endpoint)?.courier.isFlowing === true
    );
  }

  #outletOf(name: string): Outlet {
    for (const outlet of this.#outlets.values()) {
      if (outlet.name === name) return outlet;
    }
    throw new ChatError("endpoint_not_found");
  }

  async #goOn(outlet: Outlet): Promise<EndpointStatus> {
    await outlet.goOn();
    return this.#statusOf(outlet);
  }

  async #statusOf(outlet: Outlet): Promise<EndpointStatus> {
    const histories = await this.#options.endpoints.histories();
    const { name } = outlet;
    return outlet.status(byName(histories).get(name) ?? noHistory(name));
  }
}

function byName<Row extends { readonly name: EndpointName }>(
  rows: readonly Row[],
): Map<EndpointName, Row> {
  return new Map(rows.map((row) => [row.name, row]));
}

function noHistory(name: EndpointName): EndpointHistory {
  return {
    name,
    lastSuccessAt: null,
    lastErrorAt: null,
    lastError: null,
    backlog: 0,
    oldestAt: null,
    dead: 0,
  };
}
