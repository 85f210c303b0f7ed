/**
 * Tells the operator when an endpoint begins to fail and when it works again.
 *
 * Not each attempt is told: a dead endpoint has many. Nor is each change, as
 * an endpoint that refuses one room and takes another changes all the time.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import type { EndpointName } from "../wire/callback.ts";

/** Least time between two failures that are told, in ms. */
const QUIET_MS = 60_000;

/** The two lines about one endpoint. */
export class FailureNotice {
  readonly #endpoint: EndpointName;
  readonly #log: Log;
  #sinceAt: number | undefined;
  #isTold = false;
  #toldAt = -Infinity;

  constructor(endpoint: EndpointName, log: Log) {
    this.#endpoint = endpoint;
    this.#log = log;
  }

  /** Notes a failed attempt at an instant, in epoch ms. */
  failed(error: string, at: number): void {
    this.#sinceAt ??= at;
    if (this.#isTold || at - this.#toldAt < QUIET_MS) return;
    this.#isTold = true;
    this.#toldAt = at;
    const endpoint = this.#endpoint;
    this.#log.warn(`Callbacks to ${endpoint} fail: ${error}`, {
      event: "callback_endpoint_failing",
      endpoint,
    });
  }

  /** Notes one that succeeded. */
  worked(at: number): void {
    const sinceAt = this.#sinceAt;
    if (sinceAt === undefined) return;
    this.#sinceAt = undefined;
    if (!this.#isTold) return;
    this.#isTold = false;
    const endpoint = this.#endpoint;
    const failedMs = at - sinceAt;
    this.#log.info(`Callbacks to ${endpoint} work again`, {
      event: "callback_endpoint_recovered",
      endpoint,
      failedMs,
    });
  }
}
