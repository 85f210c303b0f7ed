/**
 * The journal: accepted records on disk until the database has them.
 *
 * It is a row of append-only segments. A segment leaves the disk when all its
 * records are in the database: a full one is removed, the one being written
 * is emptied. Flushes go oldest first, so the journal takes what is pending
 * plus two segments: the oldest, in part applied, and the one being written.
 * Flushes of single rooms may keep a segment longer, until the age of its
 * oldest record has all of it flushed.
 *
 * A write that fails is refused and counted; the next append tries again.
 * There is no latch: a disk that has room again is used again.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import { errorText, FailureStreak } from "./failure_streak.ts";
import { GroupSync } from "./group_sync.ts";
import { type JournalDirectory, segmentName } from "./journal_directory.ts";
import { JournalSegment } from "./journal_segment.ts";
import { LeftoverFiles } from "./leftover_files.ts";
import type { EncodedLines } from "./line_buffer.ts";
import type { Holder, JournalFacts, RecordJournal } from "./record_journal.ts";

/** Bounds of the journal's files. */
export interface JournalLimits {
  /** A segment is not made longer than this by a second append, in bytes. */
  readonly segmentBytesMax: number;
  /** The segment being written is emptied, once free, when longer, in bytes. */
  readonly freeBytesMax: number;
  /** Files that could not be removed, beyond which no segment is begun. */
  readonly leftoversMax: number;
  /** How many may wait for one sync. */
  readonly syncWaitersMax: number;
}

/** The bounds of a server in use. */
export const JOURNAL_LIMITS: JournalLimits = {
  segmentBytesMax: 8 * 1024 * 1024,
  freeBytesMax: 1024 * 1024,
  leftoversMax: 16,
  syncWaitersMax: 100_000,
};

/** Where a journal is and how safe it is. */
export interface JournalOptions {
  readonly directory: JournalDirectory;
  /** The number of the first segment; no file may have it or a higher one. */
  readonly firstSegment: number;
  /** Whether durable means that it survives power loss. */
  readonly isSynced: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limits?: JournalLimits;
}

/** A journal in segments. */
export class Journal implements RecordJournal {
  readonly #options: JournalOptions;
  readonly #limits: JournalLimits;
  readonly #streak = new FailureStreak();
  readonly #groupSync: GroupSync;
  /** Segments that are not written any more and still hold records. */
  readonly #full = new Set<JournalSegment>();
  /** Segments with appends that no sync has covered. */
  readonly #unsynced = new Set<JournalSegment>();
  readonly #leftovers: LeftoverFiles;
  #active: JournalSegment | undefined;
  #next: number;
  #rotateAtBytes: number;
  #areNamesSynced = true;
  #isClosed = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#limits = options.limits ?? JOURNAL_LIMITS;
    this.#next = options.firstSegment;
    this.#rotateAtBytes = this.#limits.segmentBytesMax;
    const { clock, log, metrics } = options;
    this.#leftovers = new LeftoverFiles(options.directory, log);
    this.#groupSync = new GroupSync({
      sync: () => this.#sync(),
      clock,
      log,
      metrics,
      waitersMax: this.#limits.syncWaitersMax,
    });
  }

  get facts(): JournalFacts {
    let bytes = this.#active?.bytes ?? 0;
    for (const segment of this.#full) bytes += segment.bytes;
    return {
      segments: this.#full.size + (this.#active === undefined ? 0 : 1),
      bytes,
      failing: this.#streak.current,
      syncFailing: this.#groupSync.failing,
    };
  }

  append(lines: EncodedLines): Holder | undefined {
    if (this.#isClosed) return undefined;
    const { clock, metrics } = this.#options;
    const startedMs = clock.monotonic();
    try {
      const segment = this.#writable(lines.bytes.length);
      segment.append(lines.bytes, lines.sizes.length);
      if (this.#options.isSynced) this.#unsynced.add(segment);
      if (this.#streak.current !== null) this.#onRecovered();
      return segment;
    } catch (error) {
      this.#onWriteFailed(error);
      return undefined;
    } finally {
      metrics.journalSeconds.observe((clock.monotonic() - startedMs) / 1000);
    }
  }

  afterDurable(run: (ok: boolean) => void): void {
    if (!this.#options.isSynced) return run(true);
    this.#groupSync.wait(run);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#groupSync.idle();
    const active = this.#active;
    this.#active = undefined;
    if (active !== undefined) this.#retire(active);
    for (const segment of this.#full) segment.close();
  }

  #writable(bytes: number): JournalSegment {
    const active = this.#active;
    if (active === undefined) return this.#begin();
    const fits = active.bytes + bytes <= this.#rotateAtBytes;
    if (fits || active.bytes === 0) return active;
    try {
      // Else a power loss could take the end of this one and leave the next:
      // a hole in the log. Once in 8 MiB, it may hold the loop up.
      if (this.#options.isSynced) active.syncNow();
      const next = this.#begin();
      this.#retire(active);
      return next;
    } catch (error) {
      // Better a long segment than a refusal: files may be scarce just now.
      this.#rotateAtBytes += this.#limits.segmentBytesMax;
      this.#options.metrics.journalFailures.inc();
      const reason = errorText(error);
      this.#options.log.warn(`Failed to begin a journal segment: ${reason}`, {
        event: "journal_rotate_failed",
      });
      return active;
    }
  }

  /** Begins a segment, or throws what the disk said. */
  #begin(): JournalSegment {
    this.#leftovers.retry();
    if (this.#leftovers.size > this.#limits.leftoversMax) {
      throw new Error(
        `Cannot begin a segment: ${this.#leftovers.size} files could not be removed`,
      );
    }
    const name = segmentName(this.#next);
    this.#next += 1;
    const file = this.#options.directory.create(name);
    this.#active = new JournalSegment(name, file, (segment) => {
      this.#onReleased(segment);
    });
    this.#rotateAtBytes = this.#limits.segmentBytesMax;
    this.#areNamesSynced = false;
    return this.#active;
  }

  /** Writes no more to a segment; drops it when nothing in it is needed. */
  #retire(segment: JournalSegment): void {
    if (segment.held === 0) return this.#drop(segment);
    this.#full.add(segment);
  }

  #onReleased(segment: JournalSegment): void {
    if (segment !== this.#active) return this.#drop(segment);
    if (segment.bytes > this.#limits.freeBytesMax) segment.empty();
  }

  #drop(segment: JournalSegment): void {
    this.#full.delete(segment);
    this.#unsynced.delete(segment);
    segment.close();
    this.#leftovers.add(segment.name);
  }

  #onWriteFailed(error: unknown): void {
    const { clock, log, metrics } = this.#options;
    metrics.journalFailures.inc();
    const { attempts, error: text } = this.#streak.note(error, clock.now());
    if (attempts === 1) {
      log.error(`Failed to write the journal: ${text}`, {
        event: "journal_write_failed",
      });
    }
    const active = this.#active;
    if (active?.isTorn !== true) return;
    this.#active = undefined;
    this.#retire(active);
  }

  #onRecovered(): void {
    const ended = this.#streak.end();
    this.#options.log.info("The journal can be written again", {
      event: "journal_write_recovered",
      refused: ended?.attempts,
    });
  }

  async #sync(): Promise<void> {
    const segments = Array.from(this.#unsynced);
    this.#unsynced.clear();
    const syncs = segments.map((segment) => this.#syncSegment(segment));
    if (!this.#areNamesSynced) syncs.push(this.#syncNames());
    await Promise.all(syncs);
  }

  async #syncSegment(segment: JournalSegment): Promise<void> {
    try {
      await segment.sync();
    } catch (error) {
      const isNeeded = segment === this.#active || this.#full.has(segment);
      // One that was dropped meanwhile is in the database.
      if (!isNeeded) return;
      this.#unsynced.add(segment);
      throw error;
    }
  }

  async #syncNames(): Promise<void> {
    const upTo = this.#next;
    await this.#options.directory.sync();
    if (upTo === this.#next) this.#areNamesSynced = true;
  }
}
