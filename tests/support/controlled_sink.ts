/**
 * A database that answers when the test says so, and as it says.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { RecordSink } from "../../src/record/record_sink.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { recordName } from "./records.ts";

/** Remembers every transaction; refuses two at a time. */
export class ControlledSink implements RecordSink {
  /** The names in each transaction that succeeded. */
  readonly batches: string[][] = [];
  /** How many transactions were tried. */
  attempts = 0;
  /** What every transaction fails with, while set. */
  failure: Error | undefined;
  #isHeld = false;
  #waiting: (() => void) | undefined;
  #isApplying = false;

  /** The names of all that is stored, in order. */
  get stored(): string[] {
    return this.batches.flat();
  }

  /** Lets transactions begin and not end. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Ends the one that waits; the next one waits again while held. */
  step(): void {
    const end = this.#waiting;
    assert(end, "no transaction waits");
    this.#waiting = undefined;
    end();
  }

  /** Whether a transaction waits for {@linkcode step}. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Ends the one that waits and holds no more. */
  open(): void {
    this.#isHeld = false;
    if (this.#waiting !== undefined) this.step();
  }

  async apply(records: readonly DurableRecord[]): Promise<void> {
    assert(!this.#isApplying, "two transactions at a time");
    this.#isApplying = true;
    this.attempts += 1;
    try {
      if (this.#isHeld) {
        await new Promise<void>((resolve) => {
          this.#waiting = resolve;
        });
      }
      if (this.failure !== undefined) throw this.failure;
      this.batches.push(records.map(recordName));
    } finally {
      this.#isApplying = false;
    }
  }
}
