/**
 * Tells the operator, once each time, that records pile up.
 *
 * @module
 */

import type { Log } from "../base/log.ts";

/** What is pending now. */
export interface PendingSize {
  readonly records: number;
  readonly messages: number;
  readonly bytes: number;
}

/** More pending messages than this are warned of, once… */
const WARN_MESSAGES = 1000;
/** …until there were this few. */
const CALM_MESSAGES = 500;

/** Two warnings, each with a lower mark below which it may come again. */
export class PendingAlarm {
  readonly #log: Log;
  readonly #bytesMax: number;
  #isWarned = false;
  #isFullWarned = false;

  /** @param bytesMax the bound at which records are refused. */
  constructor(log: Log, bytesMax: number) {
    this.#log = log;
    this.#bytesMax = bytesMax;
  }

  /** To be called whenever what is pending has changed. */
  check({ records, messages, bytes }: PendingSize): void {
    if (messages <= CALM_MESSAGES) this.#isWarned = false;
    if (bytes <= this.#bytesMax / 2) this.#isFullWarned = false;
    if (messages <= WARN_MESSAGES || this.#isWarned) return;
    this.#isWarned = true;
    this.#log.warn(`Too many pending messages: ${messages}`, {
      event: "pending_piled_up",
      records,
      bytes,
    });
  }

  /** To be called when records were refused because of the bound. */
  refused({ records, bytes }: PendingSize): void {
    if (this.#isFullWarned) return;
    this.#isFullWarned = true;
    this.#log.error(
      `Refusing messages: ${bytes} of ${this.#bytesMax} bytes are pending`,
      { event: "pending_full", records, bytes },
    );
  }
}
