/**
 * What the journal holds and the store applies: every durable fact, in order.
 *
 * A record is self-contained and idempotent: applied twice it changes nothing
 * the second time. So the journal needs no watermark; after a crash all of it
 * is applied again.
 *
 * @module
 */

import type { LogEntry, RoomSettings } from "./entry.ts";
import type { Person } from "./person.ts";
import type { NewLink, SettledLink } from "./heart_link.ts";

/**
 * What kind of room it is: an operator's, one that users make (seed 0), one
 * that devices are put into (seed 3), or one that is fed from outside (seed 4).
 */
export type RoomKind = "managed" | "chat" | "device" | "live";

/** What is known of a room of kind `live` alone. */
export interface LiveSpec {
  /** The platform's own name for the room that feeds it. */
  readonly liveId: string;
}

/** What is known of a room of kind `device` alone. */
export interface DeviceSpec {
  /**
   * The first room of its line: one that ends is followed by another, in which
   * its devices meet again. `null` is this room itself.
   */
  readonly originId: string | null;
}

/** Who may enter a room of kind `chat`, and whether it is complete. */
export interface ChatSpec {
  /** Only its participants (and admins) may enter, or everyone. */
  readonly access: "participants" | "open";
  /** Whom it is for, or who made it; oldest first, 1 or 2. */
  readonly participants: readonly Person[];
  /** Whether the first participant still waits for the second. */
  readonly isWaiting: boolean;
}

/** A room as it was born. */
export interface NewRoom extends RoomSettings {
  readonly id: string;
  readonly kind: RoomKind;
  /** A random id made when the room's log starts. */
  readonly epoch: string;
  readonly adminUserIds: readonly string[];
  /** Whether the room ends by itself once it has been empty for long enough. */
  readonly autoClose: boolean;
  /** Epoch ms. */
  readonly createdAt: number;
  /** There exactly when the room is of kind `chat`. */
  readonly chat?: ChatSpec;
  /** There exactly when the room is of kind `device`. */
  readonly device?: DeviceSpec;
  /** There exactly when the room is of kind `live`. */
  readonly live?: LiveSpec;
}

/** A stay that began. */
export interface OpenedSession {
  /** A UUID. */
  readonly id: string;
  readonly roomId: string;
  readonly userId: string;
  readonly nickname: string;
  readonly ip: string;
  /** Epoch ms. */
  readonly joinedAt: number;
  /** The room's highest number of members at once, this one included. */
  readonly peakUsers: number;
  /** In a device room: it hears what comes after this number of the log. */
  readonly afterSeq?: number;
}

/** Someone asked who is in a device room. */
export interface RoomQuery {
  /** A UUID. */
  readonly id: string;
  readonly roomId: string;
  readonly userId: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A stay that ended. */
export interface ClosedSession {
  readonly id: string;
  readonly roomId: string;
  /** Epoch ms. */
  readonly leftAt: number;
  /** The WebSocket close code; 1006 when none was exchanged. */
  readonly closeCode: number;
  /** In a device room: the last number of the log that it heard of. */
  readonly throughSeq?: number;
}

/** One durable fact. */
export type DurableRecord =
  | { readonly type: "room_created"; readonly room: NewRoom }
  | { readonly type: "entry"; readonly entry: LogEntry }
  | { readonly type: "session_opened"; readonly session: OpenedSession }
  | { readonly type: "session_closed"; readonly session: ClosedSession }
  | { readonly type: "room_queried"; readonly query: RoomQuery }
  | { readonly type: "link_requested"; readonly link: NewLink }
  | { readonly type: "link_settled"; readonly link: SettledLink };

/** The room that a record belongs to. */
export function roomIdOf(record: DurableRecord): string {
  switch (record.type) {
    case "room_created":
      return record.room.id;
    case "entry":
      return record.entry.roomId;
    case "session_opened":
    case "session_closed":
      return record.session.roomId;
    case "room_queried":
      return record.query.roomId;
    case "link_requested":
    case "link_settled":
      return record.link.roomId ?? record.link.id;
  }
}
