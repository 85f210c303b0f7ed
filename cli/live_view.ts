/**
 * What `parlor live watch` shows: what happens as lines, the numbers of the
 * room at the foot of a terminal, and with `--json` the frames as they came.
 *
 * @module
 */

import type { CliContext } from "./cli_context.ts";
import { FootLine } from "./foot_line.ts";
import type { LinkAnswer, LiveStatsAnswer } from "./live_answers.ts";
import type { HeardFrame, LiveItem } from "./live_frame.ts";
import { liveLine } from "./live_line.ts";
import { stateText, statsText } from "./live_text.ts";
import { plainText } from "./plain_text.ts";
import type { Report } from "./report.ts";

/** What {@linkcode LiveView} is made of. */
export interface LiveViewOptions {
  readonly report: Report;
  readonly isJson: boolean;
}

/** Shows one live room, until disposed. */
export class LiveView implements Disposable {
  readonly #cli: Pick<CliContext, "stdout" | "clock">;
  readonly #report: Report;
  readonly #isJson: boolean;
  readonly #foot: FootLine;
  #state = "";

  constructor(
    cli: Pick<CliContext, "stdout" | "clock">,
    { report, isJson }: LiveViewOptions,
  ) {
    this.#cli = cli;
    this.#report = report;
    this.#isJson = isJson;
    this.#foot = new FootLine(cli.stdout);
  }

  /** Shows a frame as it came, where that was asked for. */
  frame({ raw }: HeardFrame): void {
    if (this.#isJson) this.#report.printEach([raw], String);
  }

  /** Shows what happened, oldest first. */
  items(items: readonly LiveItem[]): void {
    const { stdout } = this.#cli;
    this.#print(items.map((item) => liveLine(item, this.#report, stdout)));
  }

  /** Shows how the link stands, unless it stood so before. */
  status(link: LinkAnswer): void {
    const text = stateText(link, (at) => this.#report.instant(at));
    if (text === this.#state) return;
    this.#state = text;
    const now = this.#report.instant(this.#cli.clock.now());
    this.#print([`${now}  ${plainText(text)}`]);
  }

  /** Shows the room's numbers. */
  stats(stats: LiveStatsAnswer, watchers?: number): void {
    if (!this.#isJson) this.#foot.set(statsText(stats, watchers));
  }

  /** Tells the person, beside what happens. */
  note(text: string): void {
    this.#foot.above(() => this.#report.note(text));
  }

  /** Leaves the lines and takes the foot away. */
  [Symbol.dispose](): void {
    this.#foot[Symbol.dispose]();
  }

  #print(lines: readonly string[]): void {
    if (this.#isJson || lines.length === 0) return;
    this.#foot.above(() => this.#report.printEach(lines, String));
  }
}
