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

/** Two bounded lanes of inputs. */
export class Mailbox<Input> {
  readonly #high = new Ring<Input>();
  readonly #low = new Ring<Input>();
  readonly #laneMax: number;

  /** @param options.laneMax most inputs that may wait in one lane. */
  constructor({ laneMax }: { laneMax: number }) {
    this.#laneMax = laneMax;
  }

  /** Adds an input behind the others of its lane; `false` when that is full. */
  offer(input: Input, lane: Lane): boolean {
    const ring = this.#lane(lane);
    if (ring.size >= this.#laneMax) return false;
    ring.push(input);
    return true;
  }

  /** Adds an input that has a bound of its own, however full the lane is. */
  put(input: Input, lane: Lane): void {
    this.#lane(lane).push(input);
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

  #lane(lane: Lane): Ring<Input> {
    return lane === "high" ? this.#high : this.#low;
  }
}
