/**
 * Events of a socket whose session is made after it.
 *
 * @module
 */

import type { SocketEvents } from "./socket.ts";

/** Passes on what a socket tells of, once it is known to whom. */
export class Opening implements SocketEvents {
  #events: SocketEvents | undefined;

  bind(events: SocketEvents): void {
    this.#events = events;
  }

  onOpen(): void {
    this.#events?.onOpen();
  }

  onText(text: string): void {
    this.#events?.onText(text);
  }

  onBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.#events?.onBinary(bytes);
  }

  onClose(code: number): void {
    this.#events?.onClose(code);
  }
}
