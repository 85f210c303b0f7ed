/**
 * The log as an interface, and how it is written.
 *
 * A log belongs to whoever opened it: two servers in one process write two
 * logs, so LogTape's process-wide configuration is not used, only its records,
 * formatters and redaction.
 *
 * @module
 */

import { compareLogLevel, type LogLevel } from "@logtape/logtape";
import type { Clock } from "./clock.ts";
import { type LogFormat, logFormatter } from "./log_format.ts";

/** Facts beside a log line. Never a token, a key or what a user wrote. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where log lines go. A line is an English sentence; `fields.event` is its
 * name in `noun_verb_past`, for machines.
 */
export interface Log {
  debug(line: string, fields?: LogFields): void;
  info(line: string, fields?: LogFields): void;
  warn(line: string, fields?: LogFields): void;
  error(line: string, fields?: LogFields): void;
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** How a log is opened. */
export interface LogOptions extends LogFormat {
  /** The least level that is written. */
  readonly level: "debug" | "info" | "warn" | "error";
  readonly clock: Pick<Clock, "now">;
  /**
   * Takes one log line, which ends in a line feed.
   *
   * @returns whether it was written.
   */
  readonly write: (text: string) => boolean;
}

/**
 * Opens a log.
 *
 * Its methods never throw. A line that could not be written is counted, and
 * the next one that can be is preceded by the number that were lost.
 */
export function openLog(options: LogOptions): Log {
  const { clock, write } = options;
  const format = logFormatter(options);
  const least: LogLevel = options.level === "warn" ? "warning" : options.level;
  let lostCount = 0;

  function emit(level: LogLevel, line: string, fields: LogFields = {}): void {
    if (compareLogLevel(level, least) < 0) return;
    const timestamp = clock.now();
    if (lostCount > 0) {
      const notice = `Lost ${lostCount} log lines`;
      const lost = { event: "log_lines_lost", count: lostCount };
      if (!write(format("warning", notice, { timestamp, fields: lost }))) {
        lostCount += 1;
        return;
      }
      lostCount = 0;
    }
    if (!write(format(level, line, { timestamp, fields }))) lostCount += 1;
  }

  return {
    debug: (line, fields) => emit("debug", line, fields),
    info: (line, fields) => emit("info", line, fields),
    warn: (line, fields) => emit("warning", line, fields),
    error: (line, fields) => emit("error", line, fields),
  };
}
