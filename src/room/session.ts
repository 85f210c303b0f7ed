/**
 * One stay of one user on one connection, as a room sees it.
 *
 * The edge implements it over a socket. A room compares sessions by identity
 * and reads who they are; only the actor speaks through them.
 *
 * @module
 */

import type { Dialect } from "../wire/dialect.ts";
import type { ErrorCode } from "../wire/errors.ts";
import type { Packet } from "../wire/packet.ts";

/** Someone who may be spoken to. */
export interface Session {
  /** A UUID. */
  readonly id: string;
  readonly userId: string;
  readonly nickname: string;
  readonly ip: string;
  /** Whether the user id was proven, by a token or the API key. */
  readonly isProven: boolean;
  /** Whether the token itself makes its bearer an admin of this room. */
  readonly isTokenAdmin: boolean;
  readonly dialect: Dialect;
  /** Whether all that one turn says goes out in one frame. */
  readonly isBatched: boolean;
  /**
   * Sends a packet, or the part that may not be dropped, or closes the
   * connection when it is past its bounds. Does nothing once closed.
   *
   * @returns how many messages went out.
   */
  deliver(packet: Packet): number;
  /**
   * Waits until little enough is still to be sent.
   *
   * @returns `false` once the connection is closed, also for being too slow.
   */
  drained(): Promise<boolean>;
  /** Closes the connection with the code's close code, once. */
  close(code: ErrorCode): void;
}
