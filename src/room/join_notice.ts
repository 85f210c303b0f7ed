/**
 * Who came and went, told at most once a second (seed 2, COMPAT 2.1).
 *
 * The first join or leave opens a window of a second. When it closes, exactly
 * one join or one leave is told by name; anything else is one count.
 *
 * @module
 */

import type { RoomEvent } from "../wire/event.ts";
import type { Session } from "./session.ts";

/** How long joins and leaves are gathered, in ms. */
export const NOTICE_WINDOW_MS = 1000;

/** What to tell when a window closes. */
export type Notice =
  | { readonly kind: "joined"; readonly session: Session }
  | { readonly kind: "left"; readonly session: Session }
  | { readonly kind: "stats" };

/** The open window of one room, if there is one. */
export class JoinNotice {
  #dueAt: number | undefined;
  #count = 0;
  #first: Notice = { kind: "stats" };

  /** When the open window closes, in epoch ms. */
  get dueAt(): number | undefined {
    return this.#dueAt;
  }

  noteJoin(session: Session, now: number): void {
    this.#note({ kind: "joined", session }, now);
  }

  noteLeave(session: Session, now: number): void {
    this.#note({ kind: "left", session }, now);
  }

  /** Closes the window if its time has come. */
  take(now: number): Notice | undefined {
    if (this.#dueAt === undefined || now < this.#dueAt) return undefined;
    const notice: Notice = this.#count === 1 ? this.#first : { kind: "stats" };
    this.#dueAt = undefined;
    this.#count = 0;
    return notice;
  }

  #note(notice: Notice, now: number): void {
    this.#count += 1;
    this.#first = notice;
    this.#dueAt ??= now + NOTICE_WINDOW_MS;
  }
}

/** The event of a notice about one user. */
export function noticeEvent(notice: Notice & { session: Session }): RoomEvent {
  const { userId, nickname } = notice.session;
  const user = { userId, nickname };
  return notice.kind === "joined"
    ? { type: "user_joined", user }
    : { type: "user_left", user };
}
