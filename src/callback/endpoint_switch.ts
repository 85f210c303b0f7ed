/**
 * Whether an endpoint may be delivered to: its row, and who turns it.
 *
 * An operator's turn counts once it is written, so that a restart cannot undo
 * what was answered with success. The endpoint's own 410 counts at once: if it
 * cannot be written, the next start learns of it with one more attempt.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { EndpointName } from "../wire/callback.ts";
import { ChatError } from "../wire/errors.ts";
import type { EndpointRecord, EndpointTable } from "./outbox.ts";

/** What a switch works with. */
export interface EndpointSwitchOptions {
  readonly name: EndpointName;
  readonly url: string;
  readonly table: Pick<EndpointTable, "saveEndpoint">;
  readonly clock: Clock;
  readonly log: Log;
}

/** The state of one endpoint. */
export class EndpointSwitch {
  readonly #options: EndpointSwitchOptions;
  #record: EndpointRecord;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(options: EndpointSwitchOptions) {
    this.#options = options;
    const { name, url, clock } = options;
    const changedAt = clock.now();
    this.#record = { name, url, state: "active", reason: null, changedAt };
  }

  get record(): EndpointRecord {
    return this.#record;
  }

  get isActive(): boolean {
    return this.#record.state === "active";
  }

  /**
   * Takes over what the database knows, and tells it what is new. A new URL is
   * a new endpoint, so what the old one said does not count; a pause does.
   *
   * @returns whether it had another URL before.
   */
  async open(row: EndpointRecord | undefined): Promise<boolean> {
    const { table, url } = this.#options;
    if (row?.url === url) {
      this.#record = row;
      return false;
    }
    if (row !== undefined && row.state !== "disabled") {
      this.#record = { ...row, url };
    }
    await table.saveEndpoint(this.#record);
    return row !== undefined;
  }

  /** Lets deliveries go on, whatever stopped them. */
  enable(): Promise<void> {
    return this.#turn(() => this.#next("active", null));
  }

  /**
   * Holds deliveries back.
   *
   * @throws {ChatError} `endpoint_disabled` when the endpoint did so before.
   */
  pause(): Promise<void> {
    return this.#turn(() => {
      this.#refuseDisabled();
      return this.#next("paused", "Paused by an operator");
    });
  }

  /**
   * Lets deliveries go on that an operator had paused.
   *
   * @throws {ChatError} `endpoint_disabled` when the endpoint stopped them.
   */
  resume(): Promise<void> {
    return this.#turn(() => {
      this.#refuseDisabled();
      return this.#next("active", null);
    });
  }

  /** The endpoint said 410. Never rejects. */
  async disable(): Promise<void> {
    const { name, table, log } = this.#options;
    if (this.#record.state === "disabled") return;
    const disabled = this.#next("disabled", "Answered 410");
    this.#record = disabled;
    log.error(`Callbacks to ${name} stop: it answered 410; enable it again`, {
      event: "callback_endpoint_disabled",
      endpoint: name,
    });
    try {
      await this.#inOrder(async () => {
        // An operator may have enabled it since.
        if (this.#record === disabled) await table.saveEndpoint(disabled);
      });
    } catch (error) {
      log.warn(`Cannot write that ${name} answered 410`, {
        event: "callback_endpoint_save_failed",
        endpoint: name,
        error,
      });
    }
  }

  #refuseDisabled(): void {
    if (this.#record.state !== "disabled") return;
    throw new ChatError("endpoint_disabled");
  }

  #next(
    state: EndpointRecord["state"],
    reason: string | null,
  ): EndpointRecord {
    if (this.#record.state === state) return this.#record;
    const changedAt = this.#options.clock.now();
    return { ...this.#record, state, reason, changedAt };
  }

  #turn(decide: () => EndpointRecord): Promise<void> {
    return this.#inOrder(async () => {
      const before = this.#record;
      const next = decide();
      if (next === before) return;
      await this.#options.table.saveEndpoint(next);
      // A 410 that came meanwhile is newer, and its row is written next.
      if (this.#record !== before) return;
      this.#record = next;
      this.#tell(next);
    });
  }

  #tell({ name, state }: EndpointRecord): void {
    this.#options.log.info(`Callbacks to ${name} are ${state} now`, {
      event: "callback_endpoint_turned",
      endpoint: name,
      state,
    });
  }

  /** One at a time: rows are written in the order of what they say. */
  #inOrder(run: () => Promise<void>): Promise<void> {
    const turn = this.#lastTurn.then(run);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }
}
