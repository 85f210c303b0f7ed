/**
 * Lines to the terminal, or to the process that reads this one.
 *
 * @module
 */

const encoder = new TextEncoder();

export function printLine(line: string): void {
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
}

/** A note, beside the results. */
export function warnLine(line: string): void {
  Deno.stderr.writeSync(encoder.encode(`${line}\n`));
}
