/**
 * Whether a user is there (COMPAT 0.1), over all their connections.
 *
 * @module
 */

/** What others see of a user. */
export type PresenceStatus = "online" | "busy" | "away" | "offline";

/** What a user may say of themselves. While connected, nobody is `offline`. */
export const CHOSEN_STATUSES = ["online", "busy", "away", "offline"] as const;

export type ChosenStatus = (typeof CHOSEN_STATUSES)[number];

/** A user at one instant. */
export interface PresenceFacts {
  readonly userId: string;
  readonly nickname: string;
  readonly status: PresenceStatus;
  /** Whether at least one connection is open. */
  readonly isOnline: boolean;
  /** When the user last did or said something, in epoch ms; `null` is never. */
  readonly lastSeenAt: number | null;
  /** The room that the user entered last and is still in, or was in last. */
  readonly roomId: string | null;
}
