/**
 * A session over a socket.
 *
 * It counts as gone from the moment that we decide so: the runtime may report
 * the end of a dead connection minutes later, or twice.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Metrics } from "../base/metrics.ts";
import type { Session } from "../room/session.ts";
import type { Dialect } from "../wire/dialect.ts";
import { closeCodeOf, type ErrorCode } from "../wire/errors.ts";
import type { RoomEvent } from "../wire/event.ts";
import { Packet } from "../wire/packet.ts";
import { Outbound, type OutboundLimits } from "./outbound.ts";
import type { Socket } from "./socket.ts";

/** What vouches for a user id, and until when. */
export interface Proof {
  readonly isProven: boolean;
  readonly isTokenAdmin: boolean;
  /** When the proof expires, in epoch ms; `null` is never, or no proof. */
  readonly expiresAt: number | null;
  /** What the session ends with then; absent is `token_expired`. */
  readonly endCode?: ErrorCode;
}

/** Who is at the other end, as the upgrade found. */
export interface SessionIdentity extends Proof {
  readonly id: string;
  /** Empty where only the first frame says who it is. */
  readonly userId: string;
  readonly nickname: string;
  readonly ip: string;
}

/** Who is at the other end, as the first frame said. */
export type LateIdentity = Omit<SessionIdentity, "id" | "ip">;

export interface SocketSessionOptions {
  readonly identity: SessionIdentity;
  readonly socket: Socket;
  readonly dialect: Dialect;
  readonly isBatched: boolean;
  readonly limits: OutboundLimits;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Called once, when the session is gone; `isOurs` if the room did it. */
  readonly onGone: (closeCode: number, cause: "room" | "edge") => void;
}

/** One connection's session. */
export class SocketSession implements Session {
  readonly id: string;
  readonly ip: string;
  readonly dialect: Dialect;
  readonly isBatched: boolean;
  readonly #options: SocketSessionOptions;
  readonly #outbound: Outbound;
  #userId: string;
  #nickname: string;
  #proof: Proof;
  #expiry: Disposable | undefined;
  #isGone = false;

  constructor(options: SocketSessionOptions) {
    const { identity, socket, limits, clock, metrics, dialect } = options;
    this.id = identity.id;
    this.#userId = identity.userId;
    this.#nickname = identity.nickname;
    this.ip = identity.ip;
    this.dialect = dialect;
    this.isBatched = options.isBatched;
    this.#options = options;
    this.#outbound = new Outbound({
      socket,
      limits,
      clock,
      metrics,
      gapPacket: (range) => this.#packet({ type: "gap", ...range }),
      onTooSlow: () => this.breakOff("slow_consumer"),
    });
    this.#proof = identity;
    this.#expireAt(identity.expiresAt);
  }

  get userId(): string {
    return this.#userId;
  }

  get nickname(): string {
    return this.#nickname;
  }

  get isProven(): boolean {
    return this.#proof.isProven;
  }

  get isTokenAdmin(): boolean {
    return this.#proof.isTokenAdmin;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  deliver(packet: Packet): number {
    return this.#isGone ? 0 : this.#outbound.send(packet);
  }

  drained(): Promise<boolean> {
    return this.#outbound.drained();
  }

  close(code: ErrorCode): void {
    this.#end(closeCodeOf(code), code, "room");
  }

  /**
   * Says something that needs no turn of the room, if the dialect has a word
   * for it.
   */
  tell(event: RoomEvent): void {
    if (event.type === "error") {
      this.#options.metrics.refusals.inc({ code: event.code });
    }
    const packet = this.#packet(event);
    if (packet !== null) this.deliver(packet);
  }

  /** Ends the session from this side of the room, with a hint if there is one. */
  breakOff(code: ErrorCode, hint = ""): void {
    this.#end(closeCodeOf(code), `${code}${hint}`, "edge");
  }

  /** The socket is gone. */
  lost(closeCode: number): void {
    this.#end(closeCode, "", "edge");
  }

  /**
   * Settles who it is, where the upgrade could not tell.
   *
   * @throws when that is settled already.
   */
  identify({ userId, nickname, ...proof }: LateIdentity): void {
    if (this.#userId !== "") {
      throw new Error(
        `Cannot identify a session twice: it is ${this.#userId}'s`,
      );
    }
    this.#userId = userId;
    this.#nickname = nickname;
    this.renew(proof);
  }

  /** Puts a newer proof of the same user in place of the one there was. */
  renew(proof: Proof): void {
    this.#proof = proof;
    this.#expireAt(proof.expiresAt);
  }

  #expireAt(at: number | null): void {
    this.#expiry?.[Symbol.dispose]();
    this.#expiry = undefined;
    if (at === null || this.#isGone) return;
    const { clock } = this.#options;
    this.#expiry = clock.after(at - clock.now(), () => {
      // A timer holds some 24 days at most; a later end is armed again.
      if (clock.now() < at) return this.#expireAt(at);
      const code = this.#proof.endCode ?? "token_expired";
      this.tell({ type: "error", code });
      this.breakOff(code);
    });
  }

  #packet(event: RoomEvent): Packet | null {
    const frame = this.dialect.encode(event, this.userId);
    return frame === null ? null : Packet.of(frame);
  }

  #end(closeCode: number, reason: string, cause: "room" | "edge"): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#outbound.stop();
    this.#expiry?.[Symbol.dispose]();
    const { socket, metrics, onGone } = this.#options;
    socket.close(sendableCode(closeCode), reason);
    metrics.sessionsClosed.inc({ code: countedCode(closeCode) });
    onGone(closeCode, cause);
  }
}

/** Codes such as 1005 and 1006 name what happened and are never sent. */
function sendableCode(code: number): number {
  const isNameOnly = code < 1000 || code === 1015 ||
    (code >= 1004 && code <= 1006);
  return isNameOnly ? 1000 : code;
}

/** A client may close with any code: only known ones are a label of their own. */
function countedCode(code: number): string {
  const isOurs = code >= 4000 && code < 4600;
  const isStandard = code >= 1000 && code <= 1014;
  return isOurs || isStandard ? String(code) : "other";
}
