/**
 * Brings pending records to the database, one transaction at a time.
 *
 * When a transaction fails, everyone who waits for a flush is told at once:
 * trying each request in turn against a database that fails would make the
 * last of them wait for all the others. The records stay pending.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import { type Failing, FailureStreak } from "./failure_streak.ts";
import {
  failWaiters,
  type FlushReason,
  type FlushRequest,
  FlushRequests,
  releaseWaiters,
} from "./flush_requests.ts";
import type { PendingRecord, PendingRecords } from "./pending_records.ts";
import type { RecordSink } from "./record_sink.ts";

/** What a flusher tells its owner. */
export interface FlusherEvents {
  /** Some records are in the database, for the first time since it failed. */
  recovered(): void;
  /** Some records are in the database and not pending any more. */
  flushed(): void;
  /** A transaction failed. */
  failed(): void;
  /** Nothing is asked for any more. */
  idle(): void;
}

/** What a flusher works with. */
export interface FlusherOptions {
  readonly pending: PendingRecords;
  readonly sink: RecordSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: FlusherEvents;
  /** Records of one transaction at most. */
  readonly recordsMax: number;
}

/** One batch on its way into the database. */
export interface Transaction {
  /** When it began, on the monotonic clock. */
  readonly sinceMs: number;
  readonly records: number;
  readonly messages: number;
}

/** Serves flush requests in turn. */
export class Flusher {
  readonly #options: FlusherOptions;
  readonly #requests = new FlushRequests();
  readonly #streak = new FailureStreak();
  #isRunning = false;
  #underWay: Transaction | undefined;

  constructor(options: FlusherOptions) {
    this.#options = options;
  }

  /** `null` while the database works. */
  get failing(): Failing | null {
    return this.#streak.current;
  }

  /** Whether a flush runs or is about to. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The transaction that runs now. */
  get underWay(): Transaction | undefined {
    return this.#underWay;
  }

  /** Has all that is pending now flushed. */
  ask(reason: FlushReason): void {
    const upTo = this.#options.pending.lastOrder;
    if (this.#requests.extendAll(upTo)) return;
    this.#add({ reason, roomId: undefined, upTo, waiters: new Set() });
  }

  /**
   * Has all that is pending now, of all rooms or of one, flushed.
   *
   * @returns whether it is in the database; never rejects.
   */
  flush(reason: FlushReason, roomId?: string): Promise<boolean> {
    const upTo = this.#options.pending.lastOrder;
    return new Promise((settle) => {
      const waiters = new Set([{ upTo, settle }]);
      this.#add({ reason, roomId, upTo, waiters });
    });
  }

  #add(request: FlushRequest): void {
    this.#requests.add(request);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // The turn that asked ends first, so that all it adds is one batch.
    await Promise.resolve();
    let request = this.#requests.take();
    while (request !== undefined) {
      await this.#serve(request);
      request = this.#requests.take();
    }
    this.#isRunning = false;
    this.#options.events.idle();
  }

  /** Does one transaction of a request; what is left waits behind others. */
  async #serve(request: FlushRequest): Promise<void> {
    const { pending, events } = this.#options;
    const { roomId, upTo } = request;
    const oldest = pending.oldest(roomId);
    if (oldest !== undefined && oldest.order <= upTo) {
      const isApplied = await this.#apply(request);
      if (!isApplied) {
        failWaiters(request);
        this.#requests.failAll();
        return events.failed();
      }
    }
    const flushedTo = (pending.oldest(roomId)?.order ?? Infinity) - 1;
    releaseWaiters(request, flushedTo);
    if (flushedTo < upTo) this.#requests.add(request);
  }

  async #apply({ reason, roomId }: FlushRequest): Promise<boolean> {
    const { pending, sink, clock, metrics, recordsMax } = this.#options;
    const taken = pending.take(recordsMax, roomId);
    const sinceMs = clock.monotonic();
    const messages = taken.filter(({ isMessage }) => isMessage).length;
    this.#underWay = { sinceMs, records: taken.length, messages };
    try {
      await sink.apply(taken.map(({ record }) => record));
    } catch (error) {
      this.#onFailed(error, taken.length);
      return false;
    } finally {
      this.#underWay = undefined;
      metrics.flushSeconds.observe((clock.monotonic() - sinceMs) / 1000);
    }
    this.#onApplied(taken);
    this.#logFlush(messages, { reason, roomId, records: taken.length });
    this.#endStreak();
    return true;
  }

  #onApplied(taken: readonly PendingRecord[]): void {
    const { pending, metrics, events } = this.#options;
    pending.remove(taken);
    for (const { holder } of taken) holder.release(1);
    metrics.flushedRecords.inc(taken.length);
    events.flushed();
  }

  #endStreak(): void {
    const ended = this.#streak.end();
    if (ended === null) return;
    const { log, events } = this.#options;
    log.info(`Flushing works again after ${ended.attempts} failed attempts`, {
      event: "flush_recovered",
      sinceAt: ended.sinceAt,
    });
    events.recovered();
  }

  #onFailed(error: unknown, records: number): void {
    const { clock, log, metrics } = this.#options;
    metrics.flushFailures.inc();
    const { attempts, error: text } = this.#streak.note(error, clock.now());
    log.error(`Failed to flush messages: ${text}`, {
      event: "flush_failed",
      attempts,
      records,
    });
  }

  #logFlush(
    messages: number,
    { reason, roomId, records }: {
      readonly reason: FlushReason;
      readonly roomId: string | undefined;
      readonly records: number;
    },
  ): void {
    const { log } = this.#options;
    const fields = { event: "batch_flushed", reason, records };
    const line = flushLine(messages, { reason, roomId });
    // Urgent flushes come by the dozen a second.
    const isQuiet = messages === 0 || reason === "urgent";
    if (isQuiet) log.debug(line, fields);
    else log.info(line, fields);
  }
}

/** The line that seed 1 logs for a flush. */
function flushLine(
  messages: number,
  { reason, roomId }: Pick<FlushRequest, "reason" | "roomId">,
): string {
  if (roomId !== undefined) {
    return `Flushed ${messages} messages for conversation ${roomId} to database`;
  }
  if (reason === "age") {
    return `Flushed ${messages} timeout messages to database`;
  }
  return `Flushed ${messages} messages to database`;
}
