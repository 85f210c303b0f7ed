/**
 * Yielding, in one place.
 *
 * A loop that only awaits promises starves sockets and timers: microtasks run
 * before the event loop polls. A macrotask lets it poll.
 *
 * @module
 */

import { setImmediate } from "node:timers";

/** Runs `next` in a later turn of the event loop, after sockets were polled. */
export type Yield = (next: () => void) => void;

/** The runtime's own macrotask. */
export function nextTurn(next: () => void): void {
  setImmediate(next);
}
