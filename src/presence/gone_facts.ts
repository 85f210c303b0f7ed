/**
 * What is known of users who are not here.
 *
 * @module
 */

import type { PresenceFacts } from "../wire/presence.ts";
import { type PresenceStore, ROWS_MAX } from "./presence_store.ts";

/**
 * What the database knows of users, by id; who is not known is left out.
 *
 * Only memory knows who is online: a row that says so is of a lost write.
 */
export async function goneFacts(
  store: Pick<PresenceStore, "presence">,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, PresenceFacts>> {
  const facts = new Map<string, PresenceFacts>();
  for (let from = 0; from < userIds.length; from += ROWS_MAX) {
    const rows = await store.presence(userIds.slice(from, from + ROWS_MAX));
    for (const { userId, nickname, lastSeenAt, roomId } of rows) {
      const row = { userId, nickname, lastSeenAt, roomId };
      facts.set(userId, { ...row, status: "offline", isOnline: false });
    }
  }
  return facts;
}

/** Someone who never was here; the id stands for the nickname. */
export function neverHere(userId: string): PresenceFacts {
  return {
    userId,
    nickname: userId,
    status: "offline",
    isOnline: false,
    lastSeenAt: null,
    roomId: null,
  };
}
