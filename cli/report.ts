/**
 * What a command prints: data to stdout, as text or as JSON, and notes to
 * stderr, so that a pipe carries data only.
 *
 * @module
 */

import type { CliContext } from "./cli_context.ts";
import { LocalTime } from "./local_time.ts";
import { plainJson, plainJsonLine, plainText } from "./plain_text.ts";
import { type Column, tableLines } from "./table.ts";

/** Prints the result of one command. */
export class Report {
  readonly #cli: Pick<CliContext, "stdout" | "stderr">;
  readonly #isJson: boolean;
  readonly #time: LocalTime;

  constructor(cli: CliContext, isJson: boolean) {
    this.#cli = cli;
    this.#isJson = isJson;
    this.#time = new LocalTime(cli.timeZone);
  }

  /** Local time to the second, from epoch s; `-` for none. */
  seconds(epochSecs: number | null | undefined): string {
    return this.instant(
      typeof epochSecs === "number" ? epochSecs * 1000 : null,
    );
  }

  /** Local time to the second, from epoch ms; `-` for none. */
  instant(epochMs: number | null | undefined): string {
    return typeof epochMs === "number" ? this.#time.ms(epochMs) : "-";
  }

  /** The value as JSON when that was asked for, else the lines. */
  print(value: unknown, lines: () => readonly string[]): void {
    const text = this.#isJson ? [plainJson(value)] : lines();
    this.#write(text);
  }

  /** Each value as one line, of JSON when that was asked for. */
  printEach<Value>(
    values: readonly Value[],
    line: (value: Value) => string,
  ): void {
    this.#write(values.map(this.#isJson ? plainJsonLine : line));
  }

  /** Says that a change was made which has no data to answer. */
  done(text: string): void {
    this.say({ ok: true }, text);
  }

  /** The value as JSON when that was asked for, else one line of text. */
  say(value: unknown, text: string): void {
    this.print(value, () => [plainText(text)]);
  }

  /** The rows as a table that fits the terminal, if there is one. */
  table<Row>(
    columns: readonly Column<Row>[],
    rows: readonly Row[],
  ): string[] {
    return tableLines(columns, rows, this.#cli.stdout.size()?.columns);
  }

  /** Names and values, one pair a line. */
  fields(pairs: readonly (readonly [name: string, value: string])[]): string[] {
    const nameWidth = Math.max(...pairs.map(([name]) => name.length));
    return pairs.map(([name, value]) =>
      `${name.padEnd(nameWidth)}  ${plainText(value)}`.trimEnd()
    );
  }

  /** A remark for the person, on stderr. */
  note(text: string): void {
    this.#cli.stderr.write(`${plainText(text)}\n`);
  }

  #write(lines: readonly string[]): void {
    this.#cli.stdout.write(lines.map((line) => `${line}\n`).join(""));
  }
}
