/**
 * A WebSocket, as little of it as a session needs.
 *
 * @module
 */

import type { Packet } from "../wire/packet.ts";

/** One end of a WebSocket. */
export interface Socket {
  /** Hands a packet to the runtime, as frames. Never throws. */
  send(packet: Packet): void;
  /** Bytes handed over and not yet given to the kernel. */
  readonly bufferedAmount: number;
  /** Starts the closing handshake. Does nothing the second time. */
  close(code: number, reason: string): void;
}

/** Who is given the frames of one connection. */
export interface FrameSink {
  onText(text: string): void;
  onBinary(bytes: Uint8Array<ArrayBuffer>): void;
}

/** What a socket tells of. */
export interface SocketEvents extends FrameSink {
  onOpen(): void;
  /** Called at least once, also when the socket never opened. */
  onClose(code: number): void;
}
