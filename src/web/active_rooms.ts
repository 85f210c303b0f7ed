/**
 * The answer of `api/chat/active_rooms/`, as pages read it.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

/** The whole answer. */
export interface ActiveRooms {
  active_rooms: ActiveRoom[];
  heart_link_status: PendingLink | null;
}

/** A room of the user in which somebody is online. */
export interface ActiveRoom {
  readonly room_id: string;
  readonly created_at: string;
  /** Those who are online. */
  readonly participants: readonly {
    readonly id: string;
    readonly display_name: string;
  }[];
  readonly participant_count: number;
}

/** The user's request that waits. */
export interface PendingLink {
  readonly status: string;
  readonly created_at: string;
  readonly expires_at: string;
}

/** The seed's number of online users: each counts once for each room. */
export function onlineCount(rooms: readonly ActiveRoom[]): number {
  return rooms.reduce((sum, room) => sum + room.participant_count, 0);
}

/** What others in a room are called; empty when nobody else is online. */
export function othersIn(
  { participants }: ActiveRoom,
  userId: string,
): string[] {
  return participants.filter(({ id }) => id !== userId)
    .map(({ display_name }) => display_name);
}
