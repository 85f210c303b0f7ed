/**
 * The process's standard output, as the log uses it.
 *
 * Writes are synchronous: the last lines before a crash are the ones that
 * matter, and no line is written for a message or a delivery.
 *
 * @module
 */

/** Whether standard output is a terminal. */
export function stdoutIsTerminal(): boolean {
  return Deno.stdout.isTerminal();
}

/** Whether a terminal should be sent colours; `NO_COLOR` says not. */
export function stdoutHasColors(): boolean {
  return stdoutIsTerminal() && !Deno.noColor;
}

const encoder = new TextEncoder();

/**
 * Writes `text`.
 *
 * @returns whether it was written: a reader that went away, or a full disk,
 * must not end the server.
 */
export function writeStdout(text: string): boolean {
  let rest = encoder.encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
    return true;
  } catch {
    return false;
  }
}
