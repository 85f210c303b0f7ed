/**
 * Combos: a gift given again and again, told each time with the sum so far.
 *
 * What a message adds is the difference to what was told before. Where the sum
 * is lower the giver has begun anew, unless the message is late, as its time
 * says. One that was sent again is known before, by its trace.
 *
 * @module
 */

import { RecentMap } from "./recent_map.ts";

/** One step of a combo. */
export interface ComboStep {
  /** Who gives what, in which combo. */
  readonly key: string;
  readonly comboCount: number;
  /** Gifts of the combo so far. */
  readonly quantity: number;
  /** Epoch ms; 0 when it is not known. */
  readonly at: number;
}

/** Combos that are remembered. */
const COMBOS_MAX = 5000;

/** The combos of one live room; the ones used longest ago are forgotten. */
export class GiftCombos {
  readonly #steps: RecentMap<string, ComboStep>;

  constructor(combosMax = COMBOS_MAX) {
    this.#steps = new RecentMap(combosMax);
  }

  /** How many gifts a step adds; 0 when it is late or came before. */
  added(step: ComboStep): number {
    const last = this.#steps.get(step.key);
    if (last === undefined) return this.#begin(step);
    if (step.comboCount === last.comboCount) return 0;
    if (step.comboCount < last.comboCount) {
      const isLate = step.at !== 0 && step.at < last.at;
      return isLate ? 0 : this.#begin(step);
    }
    const quantity = Math.max(step.quantity, last.quantity);
    const at = Math.max(step.at, last.at);
    this.#steps.set(step.key, { ...step, quantity, at });
    return quantity - last.quantity;
  }

  #begin(step: ComboStep): number {
    this.#steps.set(step.key, step);
    return step.quantity;
  }
}
