/**
 * Shows how long something still lasts, each second.
 *
 * @module
 */
/// <reference lib="dom" />

import { serverNow } from "./server_time.ts";
import { leftText } from "./times.ts";

/** One element's countdown. */
export class Countdown {
  readonly #element: HTMLElement;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** Counts down to an instant of the server's clock, epoch ms, and calls `onEnd` there once. */
  start(endsAt: number, onEnd: () => void): void {
    this.stop();
    const show = () => {
      const leftMs = endsAt - serverNow();
      this.#element.textContent = leftText(leftMs);
      if (leftMs > 0) return;
      this.stop();
      onEnd();
    };
    this.#timer = setInterval(show, 1000);
    show();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
