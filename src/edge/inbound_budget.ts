/**
 * How much one connection may send: a few seconds' worth at once, then at a
 * rate.
 *
 * It is above what a room's mailbox holds: the room says by its name which
 * message it has no place for, and here nothing is known of a frame but its
 * size. What it bounds is the work of understanding frames that no room takes.
 *
 * @module
 */

const MIB = 2 ** 20;

/** Most frames a second. */
export const FRAMES_PER_SEC = 5000;
/** Most frames at once. */
export const FRAMES_BURST = 20_000;
/** Most bytes a second. */
export const BYTES_PER_SEC = 16 * MIB;
/** Most bytes at once: some times the largest frame. */
export const BYTES_BURST = 64 * MIB;

/** What one connection has left. */
export class InboundBudget {
  #frameCount = 0;
  #byteCount = 0;
  #at = 0;

  /**
   * Takes what a frame costs, if there is as much.
   *
   * @param size the frame's UTF-16 units or bytes.
   * @param now of a clock that never steps back, in ms.
   * @returns how long until there will be, in ms; 0 when it was taken.
   */
  take(size: number, now: number): number {
    const passedSecs = (now - this.#at) / 1000;
    this.#at = now;
    this.#frameCount = left(this.#frameCount, passedSecs * FRAMES_PER_SEC);
    this.#byteCount = left(this.#byteCount, passedSecs * BYTES_PER_SEC);
    const waitSecs = Math.max(
      (this.#frameCount + 1 - FRAMES_BURST) / FRAMES_PER_SEC,
      (this.#byteCount + size - BYTES_BURST) / BYTES_PER_SEC,
    );
    if (waitSecs > 0) return Math.ceil(waitSecs * 1000);
    this.#frameCount += 1;
    this.#byteCount += size;
    return 0;
  }
}

function left(count: number, refilled: number): number {
  return Math.max(0, count - refilled);
}
