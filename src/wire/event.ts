/**
 * What a room says, in no dialect.
 *
 * @module
 */

import type { Notice } from "./command.ts";
import type { Person } from "./person.ts";
import type { ChatError, ErrorCode } from "./errors.ts";
import type { AssignmentStatus } from "./device.ts";
import type { LogEntry } from "./entry.ts";
import type { LinkStatus, LiveBurst, LiveNews, LiveStats } from "./live.ts";

/** One thing said to one session or to all. */
export type RoomEvent =
  | { readonly type: "entry"; readonly entry: LogEntry }
  | Welcome
  | { readonly type: "user_joined"; readonly user: Person }
  | { readonly type: "user_left"; readonly user: Person }
  | {
    readonly type: "room_stats";
    readonly currentUsers: number;
    readonly peakUsers: number;
  }
  /** The session ends; the code says why. */
  | { readonly type: "you_are_kicked"; readonly code: ErrorCode }
  | YouAreMuted
  | {
    readonly type: "pong";
    readonly timestamp: number | null | undefined;
  }
  | Ack
  | Refusal
  /** Entries that this session was not sent; both ends are included. */
  | { readonly type: "gap"; readonly from: number; readonly to: number }
  | {
    readonly type: "history";
    readonly entries: readonly LogEntry[];
    readonly hasMore: boolean;
  }
  | { readonly type: "token_refreshed"; readonly expiresAt: number | null }
  /** A user's first connection to the room is here, or the last one is gone. */
  | { readonly type: "arrived" | "departed"; readonly user: Person }
  | { readonly type: "notice"; readonly user: Person; readonly notice: Notice }
  /** The first words to a device, before it says who it is. */
  | { readonly type: "connected" }
  | Assigned
  | RoomInfo
  | LiveSnapshot
  | LiveNews
  | { readonly type: "live_burst"; readonly burst: LiveBurst }
  /** The server's own beat, and the answer to a client's; epoch ms. */
  | { readonly type: "heartbeat" | "heartbeat_ack"; readonly at: number };

/** The first thing a session hears after it joined. */
export interface Welcome {
  readonly type: "welcome";
  readonly roomId: string;
  readonly user: Person;
  readonly isMuted: boolean;
  readonly sessionId: string;
  readonly epoch: string;
  readonly lastSeq: number;
  /** Whether all that was missed since the client's `since` follows. */
  readonly recovered: boolean;
}

/** Into which room a device came, and how (COMPAT 3.1). */
export interface Assigned {
  readonly type: "assigned";
  readonly roomId: string;
  readonly status: AssignmentStatus;
  /** The room that was asked for, or was home, and has ended. */
  readonly endedRoomId?: string;
  /** What the room said; absent where nothing is kept. */
  readonly welcome?: Welcome;
}

/** Who is in a device room, as the asker hears it (COMPAT 3.3). */
export interface RoomInfo {
  readonly type: "room_info";
  readonly roomId: string;
  /** Connections, the asker's included. */
  readonly totalClients: number;
  /** The other connections, a person each, at most `ROOM_INFO_CLIENTS_MAX`. */
  readonly clients: readonly Person[];
}

/** The first thing that a viewer is told. */
export interface LiveSnapshot {
  readonly type: "live_snapshot";
  readonly welcome: Welcome;
  readonly status: LinkStatus;
  readonly stats: LiveStats;
  /** The last ones, oldest first; none where what was missed follows. */
  readonly entries: readonly LogEntry[];
}

/** How safe an acknowledged message is: see `DURABILITY`. */
export type Durability = "memory" | "journal" | "fsync";

/** The receipt of one accepted message. */
export interface Ack {
  readonly type: "ack";
  readonly clientMsgId: string;
  readonly id: string;
  readonly seq: number;
  readonly durability: Durability;
}

/** A message was refused because its sender is muted. */
export interface YouAreMuted {
  readonly type: "you_are_muted";
  /** Epoch ms; `null` is for good. */
  readonly until: number | null;
  /** Which send was refused, when the sender named it. */
  readonly clientMsgId?: string;
}

/** Something asked for was refused. */
export interface Refusal {
  readonly type: "error";
  readonly code: ErrorCode;
  /** A text of its own; the table's when absent. */
  readonly message?: string;
  readonly retryAfterMs?: number;
  /** Which send was refused, when the sender named it. */
  readonly clientMsgId?: string;
}

/** The event that tells of an error, and of which send if it has a name. */
export function refusalOf(
  { code, message, retryAfterMs }: ChatError,
  clientMsgId?: string,
): Refusal {
  const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
  const named = clientMsgId === undefined ? {} : { clientMsgId };
  return { type: "error", code, message, ...retry, ...named };
}
