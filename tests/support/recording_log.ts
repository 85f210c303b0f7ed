/**
 * A log that a test reads back.
 *
 * @module
 */

import type { Log, LogFields } from "../../src/base/log.ts";

/** One line that was logged. */
export interface LoggedLine {
  readonly level: keyof Log;
  readonly line: string;
  readonly fields: LogFields;
}

export class RecordingLog implements Log {
  readonly lines: LoggedLine[] = [];

  debug(line: string, fields: LogFields = {}): void {
    this.lines.push({ level: "debug", line, fields });
  }

  info(line: string, fields: LogFields = {}): void {
    this.lines.push({ level: "info", line, fields });
  }

  warn(line: string, fields: LogFields = {}): void {
    this.lines.push({ level: "warn", line, fields });
  }

  error(line: string, fields: LogFields = {}): void {
    this.lines.push({ level: "error", line, fields });
  }

  /** Every line as `level sentence`. */
  get texts(): string[] {
    return this.lines.map(({ level, line }) => `${level} ${line}`);
  }
}
