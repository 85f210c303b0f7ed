/**
 * A socket that keeps what it is sent, and is as full as a test says.
 *
 * @module
 */

import type { Socket } from "../../src/edge/socket.ts";
import type { Packet } from "../../src/wire/packet.ts";

export class FakeSocket implements Socket {
  bufferedAmount = 0;
  /** Every message sent, in order. */
  readonly texts: string[] = [];
  /** Every close asked for. */
  readonly closes: { code: number; reason: string }[] = [];

  send(packet: Packet): void {
    this.texts.push(...packet.texts);
  }

  close(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }
}
