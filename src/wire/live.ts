/**
 * Live rooms: what comes from outside, and how the link to it stands.
 *
 * @module
 */

/**
 * What a message of a live room is. The first eight are the reference's
 * (COMPAT 4.3); the others are what it decodes and shows nobody (COMPAT 4.7).
 */
export const LIVE_TYPES = [
  "chat",
  "gift",
  "like",
  "member",
  "follow",
  "stats",
  "fansclub",
  "control",
  "emoji_chat",
  "room_stats",
  "room_message",
  "room_rank",
  "stream_adaptation",
] as const;

export type LiveType = (typeof LIVE_TYPES)[number];

/** A message from outside, as it is kept. */
export interface LiveMessage {
  readonly type: LiveType;
  /**
   * What viewers read: one JSON object in a shape of COMPAT 4.3, with
   * `live_id`. Whatever else it says is the source's.
   */
  readonly text: string;
  /** How many it stands for: likes of a like, gifts of a gift, otherwise 1. */
  readonly count: number;
  /** The id that it has where it comes from; absent where it has none. */
  readonly upstreamId?: string;
}

/** Of a burst of these, viewers are told the sum, once a second. */
export type BurstType = "like" | "member";

/** Several messages of one kind, told as one; they are in the log one by one. */
export interface LiveBurst {
  readonly type: BurstType;
  /** The first and the last number that it stands for. */
  readonly fromSeq: number;
  readonly toSeq: number;
  /** The id of the last one. */
  readonly id: string;
  /** When the last one was accepted, in epoch ms. */
  readonly at: number;
  /** Messages, at least 2. */
  readonly messages: number;
  /** The sum of their counts. */
  readonly count: number;
  /** The last one, as it is kept. */
  readonly text: string;
}

/** Where a link to the outside stands. */
export type LinkState =
  /** The platform is asked whether the room is live. */
  | "checking"
  | "connecting"
  /** Connected. */
  | "live"
  /** Connected, and no message for 60 s. */
  | "silent"
  /** Until the next attempt. */
  | "waiting"
  /** The platform says that the room is over. */
  | "ended"
  /** Nobody wants it any more. */
  | "stopped";

/** Why a link is not live. README prints the list. */
export type LinkFault =
  /** The platform did not say whether the room is live, or in no known way. */
  | "status_unknown"
  /** The platform has a state for the room that is none of those known. */
  | "status_abnormal"
  /** No answer, or none in time. */
  | "connect_failed"
  | "connect_timeout"
  /** An HTTP answer in place of a WebSocket. */
  | "handshake_refused"
  | "tls_failed"
  /** The signature could not be had. */
  | "signer_failed"
  /** The other side closed the connection, or it broke off. */
  | "closed"
  /** No sign of life, not of a ping either. */
  | "half_open"
  /** Open, and no message for `LIVE_STALL_SECONDS`. */
  | "stalled"
  /** A frame beyond the bound. */
  | "frame_too_large"
  /** Another process has the link. */
  | "lease_held"
  /** Nothing can be stored now. */
  | "storage_unavailable";

/** How a link stands, for viewers and operators. Instants are epoch ms. */
export interface LinkStatus {
  readonly liveId: string;
  /** The name of its source. */
  readonly source: string;
  readonly state: LinkState;
  /** Whether it is `live` or `silent`. */
  readonly isActive: boolean;
  /** Whether it is to be kept up. */
  readonly isWanted: boolean;
  /** Attempts since it last delivered a message; 0 while all is well. */
  readonly reconnectCount: number;
  /** When the last message came; at first when the link was asked for. */
  readonly lastMessageAt: number;
  /** When the next attempt is; `null` unless `waiting`, or `ended` and polled. */
  readonly retryAt: number | null;
  readonly fault: LinkFault | null;
  /** The close code or HTTP status that came with the fault. */
  readonly faultCode: number | null;
  /** What the operator is warned of, in the reference's words. */
  readonly warning: string | null;
  /** 0 to 100; `null` before anything is known. */
  readonly quality: number | null;
}

/** What a room has had so far. */
export interface LiveStats {
  /** Messages of all kinds. */
  readonly messages: number;
  readonly chats: number;
  /** Gifts, not messages about them. */
  readonly gifts: number;
  /** Likes, not messages about them. */
  readonly likes: number;
  readonly members: number;
  readonly follows: number;
  /** As last told from outside; `null` before. */
  readonly currentViewers: number | null;
  /** As last told, such as "43.6万". */
  readonly totalViewers: string | null;
  /** The same as a number, such as 436000. */
  readonly totalViewersCount: number | null;
}

/** What a live room is told beside messages; nothing of it is kept. */
export type LiveNews =
  | { readonly type: "live_status"; readonly status: LinkStatus }
  | {
    readonly type: "live_stats";
    readonly stats: LiveStats;
    /** Who watches here now. */
    readonly watchers: number;
  };
