/**
 * Runs the rooms that have work, round robin, one turn each.
 *
 * After a few milliseconds, the writes that were caused included, it yields a
 * macrotask, so that sockets and timers run; a flooded room takes one turn and
 * then waits for the others.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { Ring } from "../base/ring.ts";
import type { Yield } from "../base/turn.ts";
import { WriteCost } from "./write_cost.ts";

/** How long rooms run before the loop polls sockets again, in ms. */
export const SLICE_MS = 4;

/** Something that works in turns. */
export interface Runnable {
  /** Takes one turn; `true` when there is more to do. */
  run(): boolean;
}

/** The line of rooms that have work. */
export class Scheduler {
  /** What the frames cost that the rooms hand out. */
  readonly writeCost = new WriteCost();
  readonly #clock: Clock;
  readonly #yield: Yield;
  readonly #ready = new Ring<Runnable>();
  readonly #queued = new Set<Runnable>();
  #isArmed = false;
  #isBusy = false;

  constructor(options: { clock: Clock; yield: Yield }) {
    this.#clock = options.clock;
    this.#yield = options.yield;
  }

  /** Puts a room in line, unless it is there already. */
  ready(room: Runnable): void {
    if (this.#queued.has(room)) return;
    this.#queued.add(room);
    this.#ready.push(room);
    this.#arm();
  }

  /** Rooms in line. */
  get depth(): number {
    return this.#ready.size;
  }

  /** Resolves once no room has work. */
  async idle(): Promise<void> {
    while (this.#ready.size > 0) {
      await new Promise<void>((resolve) => this.#yield(resolve));
    }
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#yield(() => this.#runSlice());
  }

  #runSlice(): void {
    this.#isArmed = false;
    const startedAt = this.#clock.monotonic();
    this.writeCost.beginSlice(startedAt, this.#isBusy);
    // What becomes ready meanwhile waits for the next slice.
    for (let left = this.#ready.size; left > 0; left--) {
      const room = this.#ready.shift();
      if (room === undefined) break;
      this.#queued.delete(room);
      if (room.run()) this.ready(room);
      const passedMs = this.#clock.monotonic() - startedAt;
      if (passedMs + this.writeCost.owedMs >= SLICE_MS) break;
    }
    this.#isBusy = this.#ready.size > 0;
    if (this.#isBusy) this.#arm();
  }
}
