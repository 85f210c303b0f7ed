/**
 * What the last run left in the journal goes to the database, before anyone
 * may connect.
 *
 * Segments are read piece by piece and applied in order. Nothing is removed
 * before all of it is applied, so a failure here loses nothing: the next start
 * does all of it again, and records are idempotent. A segment with a line that
 * cannot be read is not removed but renamed, for a human to look at.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import type { DurableRecord } from "../wire/record.ts";
import { errorText } from "./failure_streak.ts";
import {
  damagedName,
  isSegmentName,
  type JournalDirectory,
  segmentNumberOf,
} from "./journal_directory.ts";
import type { RecordSink } from "./record_sink.ts";
import { type ReadRecords, SegmentReader } from "./segment_reader.ts";

/** From where to where. */
export interface ReplayOptions {
  readonly directory: JournalDirectory;
  readonly sink: RecordSink;
  readonly log: Log;
  /** Records of one transaction at most. */
  readonly recordsMax?: number;
}

/** What was found. */
export interface ReplayReport {
  readonly segments: number;
  /** Records that were applied. */
  readonly records: number;
  readonly damagedLines: number;
  /** The first number that no segment has, damaged ones included. */
  readonly nextSegment: number;
}

const RECORDS_MAX = 500;
/** Read bytes that are applied even when they are few records. */
const BYTES_MAX = 4 * 1024 * 1024;
/** Damaged lines of one segment that are logged one by one. */
const DAMAGE_LINES_LOGGED_MAX = 20;

/**
 * Applies and then removes all segments.
 *
 * @throws when the disk cannot be read or the sink refuses; all is still there.
 */
export async function replayJournal(
  options: ReplayOptions,
): Promise<ReplayReport> {
  const names = options.directory.list();
  const segments = names.filter(isSegmentName).sort(
    (a, b) => (segmentNumberOf(a) ?? 0) - (segmentNumberOf(b) ?? 0),
  );
  const feed = new SinkFeed(options);
  const readers = segments.map((name) => newReader(name, options.log));
  try {
    for (const reader of readers) {
      for await (const read of reader.read(options.directory)) {
        await feed.add(read);
      }
    }
    await feed.flush();
  } catch (error) {
    const reason = errorText(error);
    throw new Error(`Cannot replay the journal: ${reason}`, { cause: error });
  }
  for (const reader of readers) {
    setAside(reader, { ...options, isLast: reader === readers.at(-1) });
  }
  const report = {
    segments: segments.length,
    records: feed.records,
    damagedLines: readers.reduce((sum, each) => sum + each.damagedLines, 0),
    nextSegment: 1 + Math.max(0, ...names.map((n) => segmentNumberOf(n) ?? 0)),
  };
  if (segments.length > 0) {
    options.log.info(`Applied ${report.records} records from the journal`, {
      event: "journal_replayed",
      ...report,
    });
  }
  return report;
}

function newReader(name: string, log: Log): SegmentReader {
  let damagedLines = 0;
  return new SegmentReader(name, (line, problem) => {
    damagedLines += 1;
    if (damagedLines > DAMAGE_LINES_LOGGED_MAX) return;
    log.error(`Cannot read line ${line} of journal ${name}: ${problem}`, {
      event: "journal_line_damaged",
    });
  });
}

/** Removes a segment that was applied, or keeps it for a human. */
function setAside(
  reader: SegmentReader,
  { directory, log, isLast }: ReplayOptions & { readonly isLast: boolean },
): void {
  const { name, damagedLines, isTorn } = reader;
  if (isTorn) {
    log.warn(`Left out an unfinished append at the end of journal ${name}`, {
      event: "journal_tail_cut",
    });
  }
  // Only the last segment can end in what a crash interrupted.
  const isWhole = damagedLines === 0 && (!isTorn || isLast);
  if (isWhole) return directory.remove(name);
  directory.rename(name, damagedName(name));
  log.error(`Kept damaged journal ${name} as ${damagedName(name)}`, {
    event: "journal_kept_damaged",
    damagedLines,
  });
}

/** Gathers read records into transactions of bounded size. */
class SinkFeed {
  readonly #sink: RecordSink;
  readonly #recordsMax: number;
  #gathered: DurableRecord[] = [];
  #bytes = 0;
  #records = 0;

  constructor({ sink, recordsMax }: ReplayOptions) {
    this.#sink = sink;
    this.#recordsMax = recordsMax ?? RECORDS_MAX;
  }

  /** Records applied so far. */
  get records(): number {
    return this.#records;
  }

  async add({ records, bytes }: ReadRecords): Promise<void> {
    for (const record of records) this.#gathered.push(record);
    this.#bytes += bytes;
    while (this.#gathered.length >= this.#recordsMax) await this.#apply();
    if (this.#bytes >= BYTES_MAX) await this.flush();
  }

  async flush(): Promise<void> {
    while (this.#gathered.length > 0) await this.#apply();
  }

  async #apply(): Promise<void> {
    const records = this.#gathered.slice(0, this.#recordsMax);
    await this.#sink.apply(records);
    this.#gathered = this.#gathered.slice(this.#recordsMax);
    this.#bytes = 0;
    this.#records += records.length;
  }
}
