/**
 * Gathers accepted records and brings them to the database in batches.
 *
 * A database works far faster in few large transactions than in many small
 * ones, and a room must never wait for it. Records leave in the order of their
 * acceptance, or for one room on demand; either way a room's own order is kept.
 *
 * Nothing that was added is ever dropped. While the database fails, records
 * stay, in order, and attempts go on with growing waits; a flush that someone
 * asks for tries at once. What grows meanwhile has a bound: {@linkcode
 * Batcher.fits}.
 *
 * @module
 */

import { backoffMs } from "../base/backoff.ts";
import type { Clock } from "../base/clock.ts";
import { inTime } from "../base/deadline.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import { ChatError } from "../wire/errors.ts";
import type { DurableRecord } from "../wire/record.ts";
import type { Failing } from "./failure_streak.ts";
import type { FlushReason } from "./flush_requests.ts";
import { Flusher } from "./flusher.ts";
import { PendingAlarm } from "./pending_alarm.ts";
import { PendingRecords } from "./pending_records.ts";
import type { Holder } from "./record_journal.ts";
import type { RecordSink } from "./record_sink.ts";

/** What an operator sets. */
export interface BatchLimits {
  /** So many pending messages are flushed at once. */
  readonly sizeMax: number;
  /** The age at which a record is flushed, in ms. */
  readonly ageMsMax: number;
  /** The most bytes of journal lines that may be pending. */
  readonly pendingBytesMax: number;
}

/** What a batcher works with. */
export interface BatcherOptions {
  readonly sink: RecordSink;
  readonly limits: BatchLimits;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
  /**
   * Whether someone outside waits for a record, so that it is flushed within
   * {@linkcode URGENT_FLUSH_MS}, with all that is pending. By default none is.
   */
  readonly isUrgent?: (record: DurableRecord) => boolean;
}

/** What is accepted and not in the database. */
export interface PendingFacts {
  readonly records: number;
  /** Those of the records that are chat messages. */
  readonly messages: number;
  /** The size of their lines in the journal. */
  readonly bytes: number;
  readonly bytesMax: number;
  /** When the oldest was accepted, in epoch ms; `null` without one. */
  readonly oldestAt: number | null;
  /** `null` while the database works. */
  readonly failing: Failing | null;
}

/** Records of one transaction at most. So many, when pending, are flushed. */
const TRANSACTION_RECORDS_MAX = 2000;
const DISCONNECT_FLUSH_MS = 1000;
/** How long urgent records are gathered, in ms. */
export const URGENT_FLUSH_MS = 50;
/** How long a flush that was asked for is waited for. */
const DEMAND_MS_MAX = 10_000;
const RETRY = { baseMs: 1000, maxMs: 30_000, jitter: 0.2 };

/** Decides when pending records are flushed. */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #pending = new PendingRecords();
  readonly #flusher: Flusher;
  readonly #alarm: PendingAlarm;
  #isStopped = false;
  #retries = 0;
  #ageTimer: Disposable | undefined;
  #retryTimer: Disposable | undefined;
  readonly #laterTimers = new Map<FlushReason, Disposable>();

  constructor(options: BatcherOptions) {
    this.#options = options;
    const { sink, limits, clock, log, metrics } = options;
    this.#alarm = new PendingAlarm(log, limits.pendingBytesMax);
    this.#flusher = new Flusher({
      pending: this.#pending,
      sink,
      clock,
      log,
      metrics,
      recordsMax: TRANSACTION_RECORDS_MAX,
      events: {
        flushed: () => this.#onPendingChanged(),
        failed: () => this.#armRetry(),
        recovered: () => this.#onRecovered(),
        idle: () => this.#armAge(),
      },
    });
  }

  get pending(): PendingFacts {
    const { clock, limits } = this.#options;
    const ageMs = this.#oldestAgeMs();
    return {
      records: this.#pending.records,
      messages: this.#pending.messages,
      bytes: this.#pending.bytes,
      bytesMax: limits.pendingBytesMax,
      oldestAt: ageMs === undefined ? null : clock.now() - ageMs,
      failing: this.#flusher.failing,
    };
  }

  /** Whether lines of this size, in bytes, may be added. */
  fits(bytes: number): boolean {
    const { pendingBytesMax } = this.#options.limits;
    if (this.#pending.bytes + bytes <= pendingBytesMax) return true;
    this.#alarm.refused(this.#pending);
    return false;
  }

  /**
   * Adds accepted records, also beyond the bound: ask {@linkcode fits} first.
   *
   * @param sizes the bytes of each record's journal line.
   * @param holder is released of each record that is in the database.
   */
  add(
    records: readonly DurableRecord[],
    sizes: readonly number[],
    holder: Holder,
  ): void {
    const addedMs = this.#options.clock.monotonic();
    let index = 0;
    for (const record of records) {
      const bytes = sizes[index] ?? 0;
      this.#pending.add(record, { bytes, holder, addedMs });
      index += 1;
    }
    this.#onPendingChanged();
    if (this.#isFull()) this.#flusher.ask("size");
    const { isUrgent } = this.#options;
    if (isUrgent !== undefined && records.some(isUrgent)) {
      this.#askLater("urgent", URGENT_FLUSH_MS);
    }
    if (this.#ageTimer === undefined) this.#armAge();
  }

  /**
   * Resolves when all that is pending now is in the database.
   *
   * @throws {ChatError} `storage_unavailable` when the database fails or takes
   * longer than 10 s. Nothing is lost then.
   */
  flushAll(): Promise<void> {
    return this.#demand("demand");
  }

  /**
   * Resolves when all that is pending of a room now is in the database; at
   * once when nothing is.
   *
   * @throws {ChatError} as {@linkcode flushAll} does.
   */
  flushRoom(roomId: string): Promise<void> {
    return this.#demand("room", roomId);
  }

  /**
   * Flushes all that is pending if the oldest should have been by now, which
   * is so only when a timer was lost or late.
   *
   * @returns how many records were flushed; 0 while the database fails.
   */
  async flushDue(): Promise<number> {
    const { failing, isRunning } = this.#flusher;
    const ageMs = this.#oldestAgeMs() ?? 0;
    const isDue = ageMs > this.#options.limits.ageMsMax;
    if (!isDue || isRunning || failing !== null) return 0;
    const { records } = this.#pending;
    return await this.#flushInTime("age") ? records : 0;
  }

  /** Has all that is pending flushed 1 s from now, once for many calls. */
  noteDisconnect(): void {
    this.#askLater("disconnect", DISCONNECT_FLUSH_MS);
  }

  /**
   * Ends the flushing by itself, and brings what is pending to the database,
   * trying again until a deadline, in ms from now.
   */
  async stop(msMax: number): Promise<void> {
    this.#isStopped = true;
    this.#ageTimer?.[Symbol.dispose]();
    this.#retryTimer?.[Symbol.dispose]();
    for (const timer of this.#laterTimers.values()) timer[Symbol.dispose]();
    const { clock } = this.#options;
    const late = Promise.withResolvers<"late">();
    using _deadline = clock.after(msMax, () => late.resolve("late"));
    while (this.#pending.records > 0) {
      const flushed = this.#flusher.flush("stop");
      const outcome = await Promise.race([flushed, late.promise]);
      if (outcome === true) continue;
      if (outcome === "late") return;
      const pause = Promise.withResolvers<void>();
      using _pause = clock.after(this.#nextRetryMs(), pause.resolve);
      if (await Promise.race([pause.promise, late.promise]) === "late") return;
    }
  }

  /** Has all that is pending by then flushed, once for many calls. */
  #askLater(reason: FlushReason, delayMs: number): void {
    if (this.#isStopped || this.#laterTimers.has(reason)) return;
    const timer = this.#options.clock.after(delayMs, () => {
      this.#laterTimers.delete(reason);
      if (this.#flusher.failing === null) this.#flusher.ask(reason);
    });
    this.#laterTimers.set(reason, timer);
  }

  async #demand(reason: FlushReason, roomId?: string): Promise<void> {
    if (this.#pending.oldest(roomId) === undefined) return;
    if (await this.#flushInTime(reason, roomId)) return;
    throw new ChatError("storage_unavailable", { retryAfterMs: RETRY.baseMs });
  }

  async #flushInTime(reason: FlushReason, roomId?: string): Promise<boolean> {
    // Those who wait for a database that hangs would pile up.
    if (this.#isHung()) return false;
    const flushed = this.#flusher.flush(reason, roomId);
    const { clock } = this.#options;
    return await inTime(flushed, { clock, msMax: DEMAND_MS_MAX, late: false });
  }

  #isHung(): boolean {
    const { underWay } = this.#flusher;
    if (underWay === undefined) return false;
    const ranMs = this.#options.clock.monotonic() - underWay.sinceMs;
    return ranMs > DEMAND_MS_MAX;
  }

  #isFull(): boolean {
    const { failing, underWay } = this.#flusher;
    if (this.#isStopped || failing !== null) return false;
    const messages = this.#pending.messages - (underWay?.messages ?? 0);
    if (messages >= this.#options.limits.sizeMax) return true;
    const records = this.#pending.records - (underWay?.records ?? 0);
    return records >= TRANSACTION_RECORDS_MAX;
  }

  #onPendingChanged(): void {
    const { metrics } = this.#options;
    metrics.pendingRecords.set(this.#pending.records);
    metrics.pendingBytes.set(this.#pending.bytes);
    this.#alarm.check(this.#pending);
  }

  #onRecovered(): void {
    this.#retries = 0;
    this.#retryTimer?.[Symbol.dispose]();
    this.#retryTimer = undefined;
    if (!this.#isStopped) this.#flusher.ask("retry");
  }

  #armRetry(): void {
    if (this.#isStopped || this.#retryTimer !== undefined) return;
    const waitMs = this.#nextRetryMs();
    this.#retryTimer = this.#options.clock.after(waitMs, () => {
      this.#retryTimer = undefined;
      this.#flusher.ask("retry");
    });
  }

  #nextRetryMs(): number {
    this.#retries += 1;
    const fraction = this.#options.ids.fraction();
    return backoffMs(this.#retries, { ...RETRY, fraction });
  }

  #oldestAgeMs(): number | undefined {
    const oldest = this.#pending.oldest();
    if (oldest === undefined) return undefined;
    return this.#options.clock.monotonic() - oldest.addedMs;
  }

  /** Arms the timer for the oldest record, unless something else will flush. */
  #armAge(): void {
    this.#ageTimer?.[Symbol.dispose]();
    this.#ageTimer = undefined;
    const { failing, isRunning } = this.#flusher;
    if (this.#isStopped || failing !== null || isRunning) return;
    const ageMs = this.#oldestAgeMs();
    if (ageMs === undefined) return;
    const { clock, limits } = this.#options;
    this.#ageTimer = clock.after(limits.ageMsMax - ageMs, () => {
      this.#ageTimer = undefined;
      this.#flusher.ask("age");
    });
  }
}
