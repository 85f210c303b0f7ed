/**
 * What was taken and is not kept yet, in the order in which it came.
 *
 * A message may come again before the first of it is in the log. So what
 * repeats another is not known to be kept before all that came earlier is.
 *
 * @module
 */

import { Ring } from "../base/ring.ts";

/** Some messages that came together. */
export interface Take {
  /** How many of them are not in the log yet. */
  left: number;
  /** Whom to tell when none is. */
  readonly keep: (() => void) | undefined;
}

/** Takes that wait, told of in order. */
export class Takes {
  #waiting = new Ring<Take>();

  get size(): number {
    return this.#waiting.size;
  }

  add(take: Take): void {
    this.#waiting.push(take);
  }

  /** Tells of the first ones of which all is kept. */
  settle(): void {
    while (this.#waiting.at(0)?.left === 0) this.#waiting.shift()?.keep?.();
  }

  /** Forgets them all; nobody is told. */
  clear(): void {
    this.#waiting = new Ring();
  }
}
