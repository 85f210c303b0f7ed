/**
 * One line at the foot of a terminal that is written over in place, below lines
 * that scroll.
 *
 * Where the output is no terminal there is no foot: a file would keep each of
 * its states.
 *
 * @module
 */

import type { TextOutput } from "./cli_context.ts";
import { plainText } from "./plain_text.ts";
import { cut } from "./table.ts";

const CLEAR_LINE = "\r\x1b[2K";

/** Cells of a terminal that does not say how wide it is. */
const COLUMNS_DEFAULT = 80;

/** The foot, until disposed. */
export class FootLine implements Disposable {
  readonly #output: TextOutput;
  #text = "";

  constructor(output: TextOutput) {
    this.#output = output;
  }

  /** Shows this text, cut to one row, in place of the one before. */
  set(text: string): void {
    this.#clear();
    this.#text = text;
    this.#draw();
  }

  /** Has lines written where the foot is, which moves down. */
  above(write: () => void): void {
    this.#clear();
    write();
    this.#draw();
  }

  /** Takes the foot away. */
  [Symbol.dispose](): void {
    this.#clear();
    this.#text = "";
  }

  #clear(): void {
    const isShown = this.#text !== "" && this.#output.isTerminal;
    if (isShown) this.#output.write(CLEAR_LINE);
  }

  #draw(): void {
    if (this.#text === "" || !this.#output.isTerminal) return;
    const columns = this.#output.size()?.columns ?? COLUMNS_DEFAULT;
    // In the last cell a character would begin another row.
    this.#output.write(cut(plainText(this.#text), columns - 1));
  }
}
