/**
 * `chat_cleanup.log`: what was cleaned up and when, in the form that the
 * reference system writes (COMPAT 0.2).
 *
 * The file is open only while a run is written down, so it may be moved or
 * removed at any time. The disk is waited for beside the rooms' turns. It is a
 * second account of what the server's own log says: what the disk refuses in
 * the middle of a line is lost.
 *
 * @module
 */

import {
  getRotatingFileSink,
  type RotatingFileSinkOptions,
} from "@logtape/file";
import type { Sink } from "@logtape/logtape";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { CleanupLine } from "./cleanup_lines.ts";

/** Bytes after which a new file is begun. */
const FILE_BYTES_MAX = 1_048_576;
/** Older files that are kept, as `.1` to `.5`. */
const OLD_FILES_MAX = 5;

/** Takes what one run has to say. */
export interface CleanupLog {
  /** Never rejects. Runs are written one after the other. */
  write(lines: readonly CleanupLine[]): Promise<void>;
}

/** A log that keeps nothing. */
export const noCleanupLog: CleanupLog = { write: () => Promise.resolve() };

export interface CleanupFileOptions {
  readonly path: string;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  /** An IANA name; absent is the host's zone. */
  readonly timeZone?: string | undefined;
}

/** A log in a file that is changed for a new one when it has grown. */
export class CleanupFile implements CleanupLog {
  readonly #options: CleanupFileOptions;
  readonly #stamp: Intl.DateTimeFormat;
  #isFailing = false;
  #last = Promise.resolve();

  constructor(options: CleanupFileOptions) {
    this.#options = options;
    this.#stamp = stampFormat(options.timeZone);
  }

  write(lines: readonly CleanupLine[]): Promise<void> {
    const stamp = this.#stamp.format(this.#options.clock.now());
    const text = lines.map((line) => lineText(stamp, line)).join("");
    this.#last = this.#last.then(() => this.#append(text));
    return this.#last;
  }

  async #append(text: string): Promise<void> {
    try {
      const sink = openSink(this.#options.path, {
        maxSize: FILE_BYTES_MAX,
        maxFiles: OLD_FILES_MAX,
        nonBlocking: true,
        // Written when it is closed: no timer is needed for it.
        bufferSize: Infinity,
        flushInterval: 0,
        formatter: () => text,
      });
      sink(RECORD);
      await sink[Symbol.asyncDispose]();
      this.#isFailing = false;
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Said once until it works again: a run comes every few minutes. */
  #tell(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.log.warn("Cannot write the cleanup log", {
      event: "cleanup_log_failed",
      error,
    });
  }
}

/** The library's first signature hides that such a sink is closed later. */
const openSink: (
  path: string,
  options: RotatingFileSinkOptions & { nonBlocking: true },
) => Sink & AsyncDisposable = getRotatingFileSink;

/** What the sink wants to be handed; its text is the formatter's. */
const RECORD = {
  category: [],
  level: "info",
  message: [],
  rawMessage: "",
  timestamp: 0,
  properties: {},
} as const;

function lineText(stamp: string, { level, text }: CleanupLine): string {
  return `${stamp} - ${level} - ${oneLine(text)}\n`;
}

/** A room's id may hold anything but must not begin a line of its own. */
function oneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `2026-01-01 08:00:00,000`, which is how Swedish writes it. */
function stampFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("sv-SE", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    ...(timeZone === undefined ? {} : { timeZone }),
  });
}
