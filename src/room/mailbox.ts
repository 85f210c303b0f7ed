/**
 * A bounded two-lane mailbox: the only way into a room.
 *
 * Admin commands, custom events, joins and timers travel in the high lane,
 * chat and leaves in the low lane. Nothing is ordered across lanes.
 *
 * @module
 */

import { Ring } from "../base/ring.ts";

export type Lane = "high" | "low";

/** Most that the inputs of one lane weigh together; one alone may exceed it. */
export const LANE_WEIGHT_MAX = 16 * 1024 * 1024;

/** The inputs of one lane, and what each of them weighs. */
class WeighedRing<Input> {
  readonly #inputs = new Ring<Input>();
  readonly #weights = new Ring<number>();
  #weight = 0;

  get size(): number {
    return this.#inputs.size;
  }

  /** Whether another input of a weight is within the bound. */
  fits(weight: number): boolean {
    return this.size === 0 || this.#weight + weight <= LANE_WEIGHT_MAX;
  }

  push(input: Input, weight: number): void {
    this.#inputs.push(input);
    this.#weights.push(weight);
    this.#weight += weight;
  }

  shift(): Input | undefined {
    this.#weight -= this.#weights.shift() ?? 0;
    return this.#inputs.shift();
  }
}

/** Two bounded lanes of inputs. */
export class Mailbox<Input> {
  readonly #high = new WeighedRing<Input>();
  readonly #low = new WeighedRing<Input>();
  readonly #laneMax: number;

  /** @param options.laneMax most inputs that may wait in one lane. */
  constructor({ laneMax }: { laneMax: number }) {
    this.#laneMax = laneMax;
  }

  /**
   * Adds an input behind the others of its lane; `false` when that is full, by
   * count or by weight.
   *
   * @param weight UTF-16 units or bytes of what the input carries.
   */
  offer(input: Input, lane: Lane, weight = 0): boolean {
    const ring = this.#lane(lane);
    if (ring.size >= this.#laneMax || !ring.fits(weight)) return false;
    ring.push(input, weight);
    return true;
  }

  /** Adds an input that has a bound of its own, however full the lane is. */
  put(input: Input, lane: Lane): void {
    this.#lane(lane).push(input, 0);
  }

  /** Removes the oldest input of a lane. */
  take(lane: Lane): Input | undefined {
    return this.#lane(lane).shift();
  }

  /** Inputs that wait in a lane. */
  depth(lane: Lane): number {
    return this.#lane(lane).size;
  }

  get isEmpty(): boolean {
    return this.#high.size === 0 && this.#low.size === 0;
  }

  #lane(lane: Lane): WeighedRing<Input> {
    return lane === "high" ? this.#high : this.#low;
  }
}
