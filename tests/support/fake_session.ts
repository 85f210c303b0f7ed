/**
 * A session without a socket: it keeps what it was told.
 *
 * @module
 */

import type { Session } from "../../src/room/session.ts";
import type { Dialect, TextDialect } from "../../src/wire/dialect.ts";
import type { ErrorCode } from "../../src/wire/errors.ts";
import type { Packet } from "../../src/wire/packet.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import type { RoomsFrame } from "../../src/wire/rooms_entry.ts";

/** The rooms dialect with the server's default bounds. */
export const ROOMS: TextDialect = roomsDialect({
  contentCharsMax: 4096,
  userIdCharsMax: 128,
});

export interface FakeSessionOptions {
  /** The user id unless told otherwise. */
  readonly id?: string;
  readonly ip?: string;
  readonly isProven?: boolean;
  readonly isTokenAdmin?: boolean;
  readonly dialect?: Dialect;
  readonly isBatched?: boolean;
}

export class FakeSession implements Session {
  readonly id: string;
  readonly userId: string;
  readonly nickname: string;
  readonly ip: string;
  readonly isProven: boolean;
  readonly isTokenAdmin: boolean;
  readonly dialect: Dialect;
  readonly isBatched: boolean;
  /** What was delivered, a list of frames for each packet. */
  readonly packets: RoomsFrame[][] = [];
  /** The binary messages that were delivered. */
  readonly binaries: Uint8Array[] = [];
  /** Why it was closed. */
  closedWith: ErrorCode | undefined;
  /** Called on each delivery, before the packet is kept. */
  onDeliver: (packet: Packet) => void = () => {};
  #hold: PromiseWithResolvers<void> | undefined;

  /** `ann` is Ann, `ann2` is Ann's second session when its user id is given. */
  constructor(userId: string, options: FakeSessionOptions = {}) {
    this.id = options.id ?? userId;
    this.userId = userId;
    this.nickname = userId.charAt(0).toUpperCase() + userId.slice(1);
    this.ip = options.ip ?? "203.0.113.1";
    this.isProven = options.isProven ?? false;
    this.isTokenAdmin = options.isTokenAdmin ?? false;
    this.dialect = options.dialect ?? ROOMS;
    this.isBatched = options.isBatched ?? false;
  }

  deliver(packet: Packet): number {
    if (this.closedWith !== undefined) return 0;
    this.onDeliver(packet);
    const texts: string[] = [];
    for (const frame of packet.frames) {
      if (typeof frame === "string") texts.push(frame);
      else this.binaries.push(frame);
    }
    this.packets.push(texts.map((text) => JSON.parse(text)));
    return packet.frames.length;
  }

  async drained(): Promise<boolean> {
    await this.#hold?.promise;
    return this.closedWith === undefined;
  }

  close(code: ErrorCode): void {
    this.closedWith ??= code;
    this.read();
  }

  /** Reads nothing more until `read`. */
  stall(): void {
    this.#hold ??= Promise.withResolvers();
  }

  /** Reads all that was sent. */
  read(): void {
    this.#hold?.resolve();
    this.#hold = undefined;
  }

  /** Every frame that was delivered, in order. */
  get frames(): RoomsFrame[] {
    return this.packets.flat();
  }

  /** Every frame as its type, and its number if it has one. */
  get heard(): string[] {
    return this.frames.map(({ type, seq }) =>
      seq === undefined ? type : `${type} ${seq}`
    );
  }

  /** The numbers of the log that were heard. */
  get seqs(): number[] {
    return this.frames.flatMap(({ seq }) =>
      typeof seq === "number" ? [seq] : []
    );
  }

  /** Forgets what was heard so far. */
  clear(): void {
    this.packets.length = 0;
  }
}
