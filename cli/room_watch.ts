/**
 * Follows the log of a room until somebody leaves or the room ends.
 *
 * It asks again and again instead of joining: what it shows is what was
 * recorded, a direct message too, and nobody in the room can notice it.
 *
 * A server that goes away is asked less and less often until it is back; what
 * was said meanwhile is shown then, as the numbers of a room go on.
 *
 * @module
 */

import type { z } from "zod";
import { backoffMs } from "../src/base/backoff.ts";
import { AnswerTooLargeError } from "./answer_body.ts";
import { type EntryAnswer, historyAnswer } from "./answers.ts";
import type { ApiClient } from "./api_client.ts";
import { roomPath, withQuery } from "./api_path.ts";
import type { CliContext } from "./cli_context.ts";
import { Leave } from "./leave.ts";
import { isGone, mayPass } from "./request_failure.ts";

type Page = z.infer<typeof historyAnswer>;

/** Entries of one page; fewer when they are too large together. */
const PAGE_ENTRIES_MAX = 200;
/** The longest wait between two attempts to reach the server, in ms. */
const RETRY_MS_MAX = 10_000;

/** What {@linkcode RoomWatch} follows, and who hears of it. */
export interface RoomWatchOptions {
  readonly api: ApiClient;
  readonly roomId: string;
  /** The number behind which it begins; absent is that of the newest entry. */
  readonly sinceSeq?: number | undefined;
  readonly intervalMs: number;
  /** Whether the answers come from a file, to which nobody adds. */
  readonly worksOnFile: () => boolean;
  readonly show: (entries: readonly EntryAnswer[]) => void;
  /** Tells the person, beside the entries. */
  readonly note: (text: string) => void;
}

/** Runs once. */
export class RoomWatch {
  readonly #cli: Pick<CliContext, "keyboard" | "clock" | "stdout">;
  readonly #options: RoomWatchOptions;
  readonly #leave: Leave;
  #limit = PAGE_ENTRIES_MAX;
  #seq = 0;
  #failures = 0;

  constructor(
    cli: Pick<CliContext, "keyboard" | "clock" | "stdout">,
    options: RoomWatchOptions,
  ) {
    this.#cli = cli;
    this.#options = options;
    this.#leave = new Leave(cli.clock);
  }

  /**
   * Resolves when there is nothing more to show or nobody to show it to.
   *
   * @throws {CliError} when the first request fails, or a later one for a
   * reason that does not pass.
   */
  async run(): Promise<void> {
    using _signals = this.#cli.keyboard.onStop(() => this.#leave.now());
    const first = await this.#leave.or(this.#ask({ limit: 1 }));
    if (first === undefined) return;
    this.#begin(first.entries.at(-1));
    while (!this.#leave.isDue) {
      const waitMs = await this.#leave.or(this.#look());
      if (waitMs !== undefined && waitMs > 0) await this.#leave.orAfter(waitMs);
    }
  }

  #begin(newest: EntryAnswer | undefined): void {
    const { roomId, sinceSeq, worksOnFile, note } = this.#options;
    this.#seq = sinceSeq ?? newest?.seq ?? 0;
    const isOver = newest !== undefined && isEnd(newest) &&
      newest.seq <= this.#seq;
    if (isOver) return this.#finish(`Room ${roomId} has ended`);
    if (worksOnFile()) return;
    note(`Watching room ${roomId} after number ${this.#seq}: Ctrl-C leaves`);
  }

  /** Shows what is new, and answers in how many ms to look again. */
  async #look(): Promise<number> {
    let page: Page;
    try {
      page = await this.#ask({ after_seq: this.#seq, limit: this.#limit });
    } catch (thrown) {
      return this.#miss(thrown);
    }
    if (this.#leave.isDue) return 0;
    if (this.#failures > 0) this.#options.note("The server is back");
    this.#failures = 0;
    return this.#take(page);
  }

  #take({ entries, has_more: hasMore }: Page): number {
    const { roomId, intervalMs, worksOnFile, show } = this.#options;
    const last = entries.at(-1);
    if (last !== undefined) {
      show(entries);
      this.#seq = last.seq;
    }
    if (!this.#cli.stdout.isOpen) {
      this.#leave.now();
    } else if (last !== undefined && isEnd(last)) {
      this.#finish(`Room ${roomId} has ended`);
    } else if (hasMore && last !== undefined) {
      return 0;
    } else if (worksOnFile()) {
      this.#finish("No server runs: this is all that is stored");
    }
    return intervalMs;
  }

  /** What a request that failed means; throws what does not pass. */
  #miss(thrown: unknown): number {
    const { roomId, intervalMs, note } = this.#options;
    if (this.#leave.isDue) return 0;
    if (isGone(thrown)) {
      this.#finish(`Room ${roomId} has ended: the server knows it no more`);
      return 0;
    }
    if (!mayPass(thrown)) throw thrown;
    this.#failures++;
    if (this.#failures === 1) note(`Lost, trying again: ${thrown.message}`);
    return backoffMs(this.#failures, {
      baseMs: intervalMs,
      maxMs: Math.max(intervalMs, RETRY_MS_MAX),
      jitter: 0,
      fraction: 0,
    });
  }

  #finish(text: string): void {
    this.#options.note(text);
    this.#leave.now();
  }

  async #ask(query: Readonly<Record<string, number>>): Promise<Page> {
    const { api, roomId } = this.#options;
    const path = withQuery(roomPath(roomId, "messages"), query);
    try {
      return await api.get(path, historyAnswer);
    } catch (thrown) {
      const mayShrink = thrown instanceof AnswerTooLargeError &&
        query.limit !== 1;
      if (!mayShrink) throw thrown;
    }
    this.#limit = Math.ceil(this.#limit / 2);
    return await this.#ask({ ...query, limit: this.#limit });
  }
}

function isEnd(entry: EntryAnswer): boolean {
  return entry.type === "Error" && entry.code === "room_ended";
}
