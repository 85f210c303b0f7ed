/**
 * All that serves one endpoint, put together.
 *
 * @module
 */

import type { Ids } from "../base/ids.ts";
import type { EndpointName } from "../wire/callback.ts";
import { Attempts, type AttemptsOptions } from "./attempt.ts";
import { Breaker } from "./breaker.ts";
import { Courier } from "./courier.ts";
import { type EndpointStatus, shownUrl } from "./endpoint_status.ts";
import { EndpointSwitch } from "./endpoint_switch.ts";
import { LaneDelivery } from "./lane_delivery.ts";
import type {
  DeliveryQueue,
  EndpointHistory,
  EndpointRecord,
  EndpointTable,
} from "./outbox.ts";
import type { RetryPolicy } from "./retry_plan.ts";
import type { Settler } from "./settler.ts";

/** What an outlet is made of. */
export interface OutletOptions extends AttemptsOptions {
  readonly name: EndpointName;
  readonly queue: DeliveryQueue;
  readonly endpoints: EndpointTable;
  readonly retry: RetryPolicy;
  readonly settler: Settler;
  readonly ids: Ids;
}

/** Rooms served at once: fewer where a body is large. */
const LANES_MAX: Readonly<Record<EndpointName, number>> = {
  "room-events": 32,
  "chat-history": 8,
  "session-history": 8,
  "periodic-sync": 32,
  "sync": 2,
};

/** One endpoint that has a URL. */
export class Outlet {
  readonly name: EndpointName;
  readonly courier: Courier;
  readonly endpointSwitch: EndpointSwitch;
  readonly #breaker = new Breaker();
  readonly #delivery: LaneDelivery;
  readonly #options: OutletOptions;

  constructor(options: OutletOptions) {
    this.#options = options;
    const { name, endpoints } = options;
    this.name = name;
    this.endpointSwitch = new EndpointSwitch({ ...options, table: endpoints });
    const shared = {
      ...options,
      endpoint: name,
      breaker: this.#breaker,
      endpointSwitch: this.endpointSwitch,
    };
    this.#delivery = new LaneDelivery({
      ...shared,
      attempts: new Attempts(options),
      onRecovered: () => this.courier.release(),
    });
    this.courier = new Courier({
      ...shared,
      lanesMax: LANES_MAX[name],
      delivery: this.#delivery,
    });
  }

  /** Whether it is paused, disabled or failing. */
  get isBlocked(): boolean {
    return !this.endpointSwitch.isActive || this.#breaker.state === "open";
  }

  /** Takes over what the database knows of it, and tells it what is new. */
  async open(row: EndpointRecord | undefined): Promise<void> {
    const hasNewUrl = await this.endpointSwitch.open(row);
    if (hasNewUrl) await this.#release();
  }

  /** Makes all that waits due, however its last attempts went. */
  async goOn(): Promise<void> {
    this.#breaker.ease();
    try {
      await this.#release();
    } finally {
      this.courier.wake();
    }
  }

  /** How it does, beside what the database knows of it. */
  status(history: EndpointHistory): EndpointStatus {
    const { clock, url } = this.#options;
    const { nextMs, state } = this.#breaker;
    const heldMs = nextMs - clock.monotonic();
    return {
      ...this.endpointSwitch.record,
      ...history,
      url: shownUrl(url),
      breaker: state,
      heldUntil: heldMs > 0 ? clock.now() + heldMs : null,
      inFlight: this.#delivery.inFlight,
    };
  }

  /** What failed before the operator stepped in does not count any more. */
  #release(): Promise<void> {
    const { clock, queue } = this.#options;
    return queue.release(this.name, clock.now(), 0);
  }
}

/** How an endpoint does that has no URL any more, or had none when it ran. */
export function retiredStatus(
  history: EndpointHistory,
  row: EndpointRecord | undefined,
): EndpointStatus {
  const { state, reason, changedAt } = row ??
    { state: "active", reason: null, changedAt: 0 };
  return {
    ...history,
    state,
    reason,
    changedAt,
    url: null,
    breaker: "closed",
    heldUntil: null,
    inFlight: 0,
  };
}
