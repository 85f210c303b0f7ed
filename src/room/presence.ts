/**
 * Who is here: user → sessions.
 *
 * @module
 */

import type { Session } from "./session.ts";

/** A user inside a room. */
export interface Member {
  readonly userId: string;
  /** Oldest first; never empty. */
  readonly sessions: readonly PresentSession[];
}

/** A session and when it came, in epoch ms. */
export interface PresentSession {
  readonly session: Session;
  readonly joinedAt: number;
}

/** The users of one room and their sessions. */
export class Presence {
  readonly #members = new Map<string, PresentSession[]>();
  #sessionCount = 0;
  #changeCount = 0;

  /** Users here now. */
  get userCount(): number {
    return this.#members.size;
  }

  /** Sessions here now; a user may have several. */
  get sessionCount(): number {
    return this.#sessionCount;
  }

  /** How often a user has come or gone, whatever their sessions. */
  get changeCount(): number {
    return this.#changeCount;
  }

  has(session: Session): boolean {
    const sessions = this.#members.get(session.userId);
    return sessions?.some((one) => one.session === session) ?? false;
  }

  isHere(userId: string): boolean {
    return this.#members.has(userId);
  }

  /** The sessions of a user, oldest first. */
  sessionsOf(userId: string): Session[] {
    const sessions = this.#members.get(userId) ?? [];
    return sessions.map((one) => one.session);
  }

  add(session: Session, joinedAt: number): void {
    this.#sessionCount += 1;
    const sessions = this.#members.get(session.userId);
    if (sessions === undefined) {
      this.#changeCount += 1;
      this.#members.set(session.userId, [{ session, joinedAt }]);
    } else {
      sessions.push({ session, joinedAt });
    }
  }

  /** Removes a session; `false` when it is not here. */
  remove(session: Session): boolean {
    const sessions = this.#members.get(session.userId);
    const index = sessions?.findIndex((one) => one.session === session) ?? -1;
    if (sessions === undefined || index < 0) return false;
    sessions.splice(index, 1);
    this.#sessionCount -= 1;
    if (sessions.length === 0) {
      this.#members.delete(session.userId);
      this.#changeCount += 1;
    }
    return true;
  }

  *members(): IterableIterator<Member> {
    for (const [userId, sessions] of this.#members) yield { userId, sessions };
  }

  *sessions(): IterableIterator<Session> {
    for (const sessions of this.#members.values()) {
      for (const { session } of sessions) yield session;
    }
  }
}
