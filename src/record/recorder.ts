/**
 * What a room uses to keep records for good.
 *
 * Accepting is one synchronous step: into the journal, then among what is
 * pending, or neither. So a record that was accepted outlives the process, and
 * one that was refused never comes back.
 *
 * @module
 */

import { inTime } from "../base/deadline.ts";
import type { Durability } from "../wire/event.ts";
import type { DurableRecord } from "../wire/record.ts";
import { Batcher, type BatcherOptions, type PendingFacts } from "./batcher.ts";
import { Journal } from "./journal.ts";
import type { JournalDirectory } from "./journal_directory.ts";
import { LINE_BYTES_MAX } from "./journal_line.ts";
import { replayJournal, type ReplayReport } from "./journal_replay.ts";
import { type EncodedLines, LineBuffer } from "./line_buffer.ts";
import {
  type JournalFacts,
  noHolder,
  noJournal,
  type RecordJournal,
} from "./record_journal.ts";

/** What a recorder is made of. */
export interface RecorderOptions extends BatcherOptions {
  readonly durability: Durability;
  /** Where the journal is; only `memory` does without. */
  readonly directory: JournalDirectory | undefined;
}

/** The least time that closing the journal gets, past any deadline. */
const CLOSE_MS_MIN = 500;

/** Accepts records, and sees to it that they reach the database. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #batcher: Batcher;
  readonly #lines = new LineBuffer();
  #journal: RecordJournal = noJournal;
  #isOpen = false;

  constructor(options: RecorderOptions) {
    const { durability, directory } = options;
    if (durability !== "memory" && directory === undefined) {
      throw new TypeError(
        `Cannot record with durability ${durability}: want a directory, got none`,
      );
    }
    this.#options = options;
    this.#batcher = new Batcher(options);
  }

  /** What is accepted and not in the database, and whether that fails. */
  get pending(): PendingFacts {
    return this.#batcher.pending;
  }

  /** How the journal does; `null` when there is none. */
  get journal(): JournalFacts | null {
    return this.#journal.facts;
  }

  /**
   * Brings what the last run left in the journal to the database, then lets
   * records be accepted.
   *
   * @returns what was found; `undefined` when there is no journal.
   * @throws when the journal cannot be read or the database cannot take it.
   * Nothing is lost then.
   */
  async start(): Promise<ReplayReport | undefined> {
    const { directory, durability, sink, clock, log, metrics } = this.#options;
    if (directory === undefined) {
      this.#isOpen = true;
      return undefined;
    }
    const report = await replayJournal({ directory, sink, log });
    if (durability !== "memory") {
      this.#journal = new Journal({
        directory,
        firstSegment: report.nextSegment,
        isSynced: durability === "fsync",
        clock,
        log,
        metrics,
      });
    }
    this.#isOpen = true;
    return report;
  }

  /**
   * Keeps records for good.
   *
   * @returns `false` when they cannot be kept now; then none of them is.
   */
  accept(records: readonly DurableRecord[]): boolean {
    if (!this.#isOpen) return false;
    if (records.length === 0) return true;
    const lines = this.#encode(records);
    if (lines === undefined) return false;
    if (!this.#batcher.fits(lines.bytes.length)) return false;
    const holder = this.#journal.append(lines);
    if (holder === undefined) return false;
    this.#batcher.add(records, lines.sizes, holder);
    return true;
  }

  /**
   * Keeps records that cannot be refused, such as the end of a session: past
   * the bound, and without the journal when it fails. A crash may take those
   * back, so they must leave no gap: never entries of a room's log.
   */
  acceptOwed(records: readonly DurableRecord[]): void {
    const lines = this.#encode(records);
    if (lines === undefined) return;
    const holder = this.#journal.append(lines) ?? noHolder;
    this.#batcher.add(records, lines.sizes, holder);
  }

  /**
   * Calls `run` once, with whether all that was accepted in this turn is as
   * safe as `DURABILITY` says: at once, or with `fsync` after a sync.
   */
  afterDurable(run: (ok: boolean) => void): void {
    this.#journal.afterDurable(run);
  }

  /** See {@linkcode Batcher.flushAll}. */
  flushAll(): Promise<void> {
    return this.#batcher.flushAll();
  }

  /** See {@linkcode Batcher.flushRoom}. */
  flushRoom(roomId: string): Promise<void> {
    return this.#batcher.flushRoom(roomId);
  }

  /** See {@linkcode Batcher.flushDue}. */
  flushDue(): Promise<number> {
    return this.#batcher.flushDue();
  }

  /** See {@linkcode Batcher.noteDisconnect}. */
  noteDisconnect(): void {
    this.#batcher.noteDisconnect();
  }

  /**
   * Accepts no more and brings what is pending to the database, trying again
   * until a deadline, in ms from now. The log tells what is left.
   */
  async stop(msMax: number): Promise<void> {
    this.#isOpen = false;
    const { clock } = this.#options;
    const deadlineMs = clock.monotonic() + msMax;
    await this.#batcher.stop(msMax);
    const restMs = Math.max(CLOSE_MS_MIN, deadlineMs - clock.monotonic());
    const closed = this.#journal.close();
    await inTime(closed, { clock, msMax: restMs, late: undefined });
    this.#logRest();
  }

  #encode(records: readonly DurableRecord[]): EncodedLines | undefined {
    const lines = this.#lines.encode(records);
    if (lines === undefined) {
      this.#options.log.error(
        `Cannot record: want at most ${LINE_BYTES_MAX} bytes a record`,
        { event: "record_too_long" },
      );
    }
    return lines;
  }

  #logRest(): void {
    const { log } = this.#options;
    const { records, messages } = this.#batcher.pending;
    const fields = { event: "recorder_stopped", records, messages };
    if (records === 0) {
      return log.debug("Stopped with all records in the database", fields);
    }
    const fate = this.#journal === noJournal
      ? "they are lost"
      : "they stay in the journal for the next start";
    log.error(
      `Stopped with ${records} records not in the database: ${fate}`,
      fields,
    );
  }
}
