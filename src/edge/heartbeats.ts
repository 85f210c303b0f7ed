/**
 * The server's own sign of life, to every session of one dialect.
 *
 * Sessions are dealt to as many buckets as a period has seconds, and each
 * second one bucket is told: the work is spread evenly, however many connect at
 * once, and there is one timer for all.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { HEARTBEAT_SECS } from "../wire/connection_frames.ts";
import type { Dialect } from "../wire/dialect.ts";
import { type Frame, Packet } from "../wire/packet.ts";

/** Who is told. */
interface Listener {
  deliver(packet: Packet): number;
}

export interface HeartbeatsOptions {
  readonly dialect: Dialect;
  readonly clock: Clock;
}

const TICK_MS = 1000;

/** The heartbeats of one dialect. */
export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #buckets = Array.from(
    { length: HEARTBEAT_SECS },
    () => new Set<Listener>(),
  );
  #count = 0;
  /** Into which bucket the next listener comes. */
  #nextIndex = 0;
  /** Which bucket is told next. */
  #dueIndex = 0;
  #tick: Disposable | undefined;

  constructor(options: HeartbeatsOptions) {
    this.#options = options;
  }

  /**
   * Tells a listener every 30 s, the first time within 30 s, until the handle
   * is disposed. A dialect without a word for it is told nothing.
   */
  add(listener: Listener): Disposable {
    if (this.#frame() === null) return { [Symbol.dispose]: () => {} };
    const bucket = this.#buckets[this.#nextIndex] ?? new Set();
    this.#nextIndex = (this.#nextIndex + 1) % HEARTBEAT_SECS;
    bucket.add(listener);
    this.#count += 1;
    this.#tick ??= this.#armTick();
    return {
      [Symbol.dispose]: () => {
        if (bucket.delete(listener)) this.#onRemoved();
      },
    };
  }

  #onRemoved(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    this.#tick?.[Symbol.dispose]();
    this.#tick = undefined;
  }

  #armTick(): Disposable {
    return this.#options.clock.after(TICK_MS, () => this.#onTick());
  }

  #onTick(): void {
    this.#tick = this.#armTick();
    const bucket = this.#buckets[this.#dueIndex];
    this.#dueIndex = (this.#dueIndex + 1) % HEARTBEAT_SECS;
    const frame = this.#frame();
    if (bucket === undefined || bucket.size === 0 || frame === null) return;
    const packet = new Packet([{ frame, droppable: true, seq: null }]);
    // One that is given up for being too slow leaves the set, which is allowed.
    for (const listener of bucket) listener.deliver(packet);
  }

  #frame(): Frame | null {
    const { clock, dialect } = this.#options;
    return dialect.encode({ type: "heartbeat", at: clock.now() });
  }
}
