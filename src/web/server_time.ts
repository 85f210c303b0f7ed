/**
 * The server's clock, as far as a page knows it.
 *
 * What ends or may be done until an instant does so by the server's clock, and
 * a reader's may be wrong by hours.
 *
 * @module
 */
/// <reference lib="dom" />

/** How far the server's clock was ahead when the page came. */
const aheadMs = Number(document.body.dataset["now"] ?? Date.now()) -
  Date.now();

/** The server's time, in epoch ms, but for what the page took to come. */
export function serverNow(): number {
  return Date.now() + aheadMs;
}
