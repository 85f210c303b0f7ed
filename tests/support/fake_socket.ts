/**
 * A socket that keeps what it is sent, and is as full as a test says.
 *
 * @module
 */

import type { Socket } from "../../src/edge/socket.ts";
import type { Packet } from "../../src/wire/packet.ts";

export class FakeSocket implements Socket {
  bufferedAmount = 0;
  /** Every text sent, in order. */
  readonly texts: string[] = [];
  /** Every binary message sent, in order. */
  readonly binaries: Uint8Array[] = [];
  /** Every close asked for. */
  readonly closes: { code: number; reason: string }[] = [];

  send(packet: Packet): void {
    for (const frame of packet.frames) {
      if (typeof frame === "string") this.texts.push(frame);
      else this.binaries.push(frame);
    }
  }

  close(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }
}
