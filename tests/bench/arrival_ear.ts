/**
 * The way of a device into its room, as the device hears it.
 *
 * @module
 */

import type { Ear } from "./load_connection.ts";

/** What a device is told of its room. */
export interface Arrival {
  readonly roomId: string;
  readonly status: string;
}

const decoder = new TextDecoder();

/** Waits for the frame that names the room; then another ear listens. */
export class ArrivalEar implements Ear {
  readonly #next: Ear;
  readonly #arrival = Promise.withResolvers<Arrival>();
  #hasArrived = false;

  constructor(next: Ear) {
    this.#next = next;
  }

  /**
   * Resolves when the device is in its room; rejects when the server hangs up
   * before, with the last that it said.
   */
  get arrived(): Promise<Arrival> {
    return this.#arrival.promise;
  }

  onText(bytes: Uint8Array, start: number, end: number): void {
    if (this.#hasArrived) return this.#next.onText(bytes, start, end);
    const text = decoder.decode(bytes.subarray(start, end));
    const frame = JSON.parse(text);
    if (frame.type === "error") this.#arrival.reject(new Error(text));
    if (frame.type !== "room") return;
    this.#hasArrived = true;
    this.#arrival.resolve({ roomId: frame.room_id, status: frame.status });
  }

  onRead(byteCount: number): void {
    this.#next.onRead(byteCount);
  }

  onGone(): void {
    this.#arrival.reject(new Error("The server hung up"));
    this.#next.onGone();
  }
}
