/**
 * A screen that is drawn over in place and then gives the terminal back.
 *
 * It uses the alternate screen, so that what was there before comes back, and
 * rewrites line by line, so that nothing flickers.
 *
 * @module
 */

import type { TextOutput } from "./cli_context.ts";
import { cut } from "./table.ts";

const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[2K";
const CLEAR_BELOW = "\x1b[J";

/** Cells of a terminal that does not say how large it is. */
const SIZE_DEFAULT = { columns: 80, rows: 24 };

/** The whole terminal, until disposed. */
export class LiveScreen implements Disposable {
  readonly #output: TextOutput;

  /** Takes the terminal over. */
  constructor(output: TextOutput) {
    this.#output = output;
    output.write(ENTER);
  }

  /** Lines that fit now. */
  get rows(): number {
    return this.#size().rows;
  }

  /** Shows these lines, cut to the size, and nothing else. */
  draw(lines: readonly string[]): void {
    const { columns, rows } = this.#size();
    // A line is cleared before it is written: behind a line that fills its row
    // the cursor still stands on the last cell and would clear that.
    const drawn = lines.slice(0, rows)
      .map((line) => CLEAR_LINE + cut(line, columns));
    const isShort = drawn.length < rows;
    const end = isShort ? `\r\n${CLEAR_BELOW}` : "";
    this.#output.write(HOME + drawn.join("\r\n") + end);
  }

  [Symbol.dispose](): void {
    this.#output.write(LEAVE);
  }

  #size(): { columns: number; rows: number } {
    return this.#output.size() ?? SIZE_DEFAULT;
  }
}
