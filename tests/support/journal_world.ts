/**
 * A journal in a temporary folder, and what is read back from it.
 *
 * @module
 */

import { Metrics } from "../../src/base/metrics.ts";
import { Journal, type JournalLimits } from "../../src/record/journal.ts";
import { replayJournal } from "../../src/record/journal_replay.ts";
import { LineBuffer } from "../../src/record/line_buffer.ts";
import type { Holder } from "../../src/record/record_journal.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { ControlledSink } from "./controlled_sink.ts";
import { FakeClock } from "./fake_clock.ts";
import { FaultyDirectory } from "./faulty_directory.ts";
import { RecordingLog } from "./recording_log.ts";

/** Limits small enough that a few records fill a segment. */
export const SMALL_LIMITS: JournalLimits = {
  segmentBytesMax: 1000,
  freeBytesMax: 300,
  leftoversMax: 2,
  syncWaitersMax: 3,
};

/** Gone with its folder when disposed. */
export class JournalWorld implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "parlor-journal-" });
  readonly directory = new FaultyDirectory(this.path);
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly metrics = new Metrics();
  readonly journal: Journal;
  readonly #lines = new LineBuffer();

  constructor(
    { isSynced = false, limits = SMALL_LIMITS, firstSegment = 1 } = {},
  ) {
    const { directory, clock, log, metrics } = this;
    const options = { directory, clock, log, metrics };
    this.journal = new Journal({ ...options, isSynced, limits, firstSegment });
  }

  append(...records: DurableRecord[]): Holder | undefined {
    const lines = this.#lines.encode(records);
    return lines && this.journal.append(lines);
  }

  /** The names of the files in the folder, in order. */
  get files(): string[] {
    return this.directory.list().sort();
  }

  text(name: string): string {
    return Deno.readTextFileSync(`${this.path}/${name}`);
  }

  /** What a start after `kill -9` would store; the folder is left empty. */
  async replayed(): Promise<string[]> {
    const sink = new ControlledSink();
    const { directory, log } = this;
    await replayJournal({ directory, sink, log });
    return sink.stored;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.directory.syncGate = undefined;
    await this.journal.close();
    await Deno.remove(this.path, { recursive: true });
  }
}
