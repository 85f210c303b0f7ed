/**
 * What presence asks of the database.
 *
 * @module
 */

/** A user as the database keeps them. */
export interface PresenceRow {
  readonly userId: string;
  readonly nickname: string;
  /** Epoch ms. */
  readonly lastSeenAt: number;
  /** The room that the user is in, or was in last. */
  readonly roomId: string | null;
  readonly isOnline: boolean;
}

/** The table of users. */
export interface PresenceStore {
  /** What is known of these users; who is not known is left out. */
  presence(userIds: readonly string[]): Promise<PresenceRow[]>;
  /** Writes users, all or none, in place of what was known of them. */
  savePresence(rows: readonly PresenceRow[]): Promise<void>;
  /** Says of everyone that they are not online: for a server that starts. */
  allOffline(): Promise<void>;
}

/** Most users in one call of the database. */
export const ROWS_MAX = 500;
