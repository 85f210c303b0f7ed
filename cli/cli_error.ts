/**
 * What a command tells the person who ran it when it cannot go on.
 *
 * @module
 */

/** 0 done, 1 failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** What a failure says beside its message. */
export interface CliErrorOptions {
  readonly exitCode?: ExitCode;
  readonly details?: readonly string[];
}

/**
 * A failure with a text for its reader: what failed and what to do about it.
 *
 * Anything else that a command throws is a bug and shows as one.
 */
export class CliError extends Error {
  override readonly name: string = "CliError";
  readonly exitCode: ExitCode;
  /** More lines, printed below the message. */
  readonly details: readonly string[];

  constructor(message: string, options: CliErrorOptions = {}) {
    super(message);
    this.exitCode = options.exitCode ?? 1;
    this.details = options.details ?? [];
  }
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
