/**
 * What is said of a live room, on its socket and over HTTP alike.
 *
 * A message from outside stands in a frame as the text that was kept: it is
 * neither parsed nor written again, however many read it.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { EntryKind, LogEntry } from "./entry.ts";
import type { LinkStatus, LiveStats } from "./live.ts";

/** How a link stands, as clients read it. */
export interface LinkStatusBody {
  readonly live_id: string;
  readonly source: string;
  readonly state: LinkStatus["state"];
  readonly active: boolean;
  readonly wanted: boolean;
  readonly reconnect_count: number;
  /** Unix seconds with a fraction, as in the reference. */
  readonly last_message_time: number;
  /** Epoch ms. */
  readonly retry_at: number | null;
  readonly fault: LinkStatus["fault"];
  readonly fault_code: number | null;
  readonly warning: string | null;
  readonly quality: number | null;
}

/** What a room has had so far, as clients read it. */
export interface LiveStatsBody {
  readonly messages: number;
  readonly chats: number;
  readonly gifts: number;
  readonly likes: number;
  readonly members: number;
  readonly follows: number;
  readonly current_viewers: number | null;
  readonly total_viewers: string | null;
  readonly total_viewers_count: number | null;
}

/** An entry of a live room's log, as a list has it. */
export interface LiveMessageBody {
  readonly seq: number;
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  /** The sender's own name for it, where a viewer sent it and gave one. */
  readonly client_msg_id?: string;
  /** A shape of COMPAT 4.3, or what else happened in the room, by `type`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** How a link stands. */
export function statusBody(status: LinkStatus): LinkStatusBody {
  return {
    live_id: status.liveId,
    source: status.source,
    state: status.state,
    active: status.isActive,
    wanted: status.isWanted,
    reconnect_count: status.reconnectCount,
    last_message_time: status.lastMessageAt / 1000,
    retry_at: status.retryAt,
    fault: status.fault,
    fault_code: status.faultCode,
    warning: status.warning,
    quality: status.quality,
  };
}

/** What a room has had so far. */
export function statsBody(stats: LiveStats): LiveStatsBody {
  return {
    messages: stats.messages,
    chats: stats.chats,
    gifts: stats.gifts,
    likes: stats.likes,
    members: stats.members,
    follows: stats.follows,
    current_viewers: stats.currentViewers,
    total_viewers: stats.totalViewers,
    total_viewers_count: stats.totalViewersCount,
  };
}

/**
 * An entry as a list has it, for what writes it into JSON itself; `null` where
 * viewers are told nothing of its kind.
 *
 * @param liveId the room's, which a viewer's own message says too.
 */
export function liveMessageBody(
  entry: LogEntry,
  liveId: string,
): LiveMessageBody | null {
  const text = liveMessageText(entry, liveId);
  return text === null ? null : JSON.parse(text);
}

/** {@linkcode liveMessageBody} as JSON. */
export function liveMessageText(
  entry: LogEntry,
  liveId: string,
): string | null {
  switch (entry.kind) {
    case "live":
      return feedText(entry);
    case "message":
      return chatText(entry, liveId);
    default: {
      const data = roomData(entry);
      return data === null ? null : JSON.stringify({ ...placeOf(entry), data });
    }
  }
}

/** An entry as a frame; `null` where viewers are told nothing of its kind. */
export function liveEntryFrame(entry: LogEntry, liveId: string): string | null {
  switch (entry.kind) {
    case "live":
      return asFrame(feedText(entry));
    case "message":
      return asFrame(chatText(entry, liveId));
    default: {
      const data = roomData(entry);
      return data === null ? null : JSON.stringify({
        ...data,
        ...placeOf(entry),
      });
    }
  }
}

/** What stands in a list, as a frame of its own. */
function asFrame(messageText: string): string {
  return `{"type":"live_message",${messageText.slice(1)}`;
}

function feedText(entry: LogEntry<"live">): string {
  const { seq, id, at, payload } = entry;
  const named = JSON.stringify(id);
  return `{"seq":${seq},"id":${named},"at":${at},"data":${payload.text}}`;
}

/** What a viewer said, in the shape of a message from outside. */
function chatText(entry: LogEntry<"message">, liveId: string): string {
  const { at, actor, payload } = entry;
  return JSON.stringify({
    ...placeOf(entry),
    client_msg_id: payload.clientMsgId,
    data: {
      type: "chat",
      timestamp: at / 1000,
      user_id: actor,
      user_name: payload.nickname,
      content: payload.content,
      user_avatar: "",
      live_id: liveId,
      viewer: true,
      deleted: payload.deleted,
    },
  });
}

function placeOf(
  { seq, id, at }: LogEntry,
): Pick<LiveMessageBody, "seq" | "id" | "at"> {
  return { seq, id, at };
}

interface RoomData {
  readonly type: string;
  readonly [field: string]: unknown;
}

type OtherKind = Exclude<EntryKind, "live" | "message">;

/** What the operator or the server did to the room. */
function roomData(entry: LogEntry<OtherKind>): RoomData | null {
  switch (entry.kind) {
    case "system":
      return { type: "system", message: entry.payload.message };
    case "custom_event":
      return {
        type: "custom_event",
        event_type: entry.payload.eventType,
        payload: entry.payload.payload,
        from: entry.actor,
      };
    case "delete":
      return { type: "message_deleted", target_seq: entry.payload.seq };
    case "end":
      return { type: "room_ended", reason: entry.payload.reason };
    case "relay":
    case "read":
    case "open":
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
    case "admins":
    case "settings":
      // Viewers are told nothing of each other, nor of how a room is run.
      return null;
  }
}
