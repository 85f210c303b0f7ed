/**
 * What a frame costs, the writing of it included.
 *
 * Handing a frame to the runtime takes a tenth of what the runtime then takes
 * to write it, between this slice and the next. So a frame's cost is measured
 * from the start of one slice to the start of the next, where one follows the
 * other at once.
 *
 * @module
 */

/** What a frame costs before one was measured, in ms. */
const FRAME_MS_FIRST = 0.005;

/** Frames from which a measurement is worth something. */
const FRAMES_MIN = 16;

/** Weight of the newest measurement. */
const FRAME_MS_WEIGHT = 0.2;

/** Learns what frames cost; one for all rooms of a server. */
export class WriteCost {
  #frameMs = FRAME_MS_FIRST;
  #frameCount = 0;
  #sliceAt = 0;

  /** What so many frames cost, in ms. */
  of(frameCount: number): number {
    return frameCount * this.#frameMs;
  }

  /** What the frames of this slice will cost once it is over, in ms. */
  get owedMs(): number {
    return this.of(this.#frameCount);
  }

  /** So many frames were handed over in this slice. */
  note(frameCount: number): void {
    this.#frameCount += frameCount;
  }

  /**
   * A slice begins.
   *
   * @param at on the monotonic clock, in ms.
   * @param isNext whether it follows the last one at once.
   */
  beginSlice(at: number, isNext: boolean): void {
    if (isNext && this.#frameCount >= FRAMES_MIN) {
      const frameMs = (at - this.#sliceAt) / this.#frameCount;
      this.#frameMs += (frameMs - this.#frameMs) * FRAME_MS_WEIGHT;
    }
    this.#sliceAt = at;
    this.#frameCount = 0;
  }
}
