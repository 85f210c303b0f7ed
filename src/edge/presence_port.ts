/**
 * What the edge tells of who is there.
 *
 * @module
 */

import type { ChosenStatus } from "../wire/presence.ts";

/** One open connection of a user. */
export interface PresentConnection {
  /** The session's id. */
  readonly id: string;
  readonly userId: string;
  readonly nickname: string;
  /** Where it leads; `null` is no room. */
  readonly roomId: string | null;
}

/** Keeps who is there. Nothing here waits or throws. */
export interface PresencePort {
  connect(connection: PresentConnection): void;
  disconnect(sessionId: string): void;
  /** The user did something on this connection. */
  touch(sessionId: string): void;
  /** The user says so, which is to do something, too. */
  choose(userId: string, status: ChosenStatus): void;
}

/** For connections that are nobody's presence: their room knows of them. */
export const noPresence: PresencePort = {
  connect: () => {},
  disconnect: () => {},
  touch: () => {},
  choose: () => {},
};
