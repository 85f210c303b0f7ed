/**
 * One entry of a room's log: a durable change with a number.
 *
 * Everything that a client may have to catch up on is an entry. Joins and
 * leaves are not (they are sessions), nor is anything that is only current,
 * such as a count of members.
 *
 * A new kind also needs: a case in every dialect's `encodeEntry`, a projection
 * in `store/log_table.ts` if it changes the room's state, and a row in README.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { LiveMessage } from "./live.ts";
import type { Person } from "./person.ts";

/** What an entry says, by its kind. `userId` is always the person it is about. */
export interface EntryPayloads {
  /** Something a user said. */
  message: {
    nickname: string;
    content: string;
    isAdmin: boolean;
    /** The sender's own id for it, for idempotent sends. */
    clientMsgId?: string;
    /** Absent is `text`. */
    messageType?: MessageType;
    /** An http(s) URL, or a path of this server. */
    fileUrl?: string;
    fileName?: string;
    /** Absent is `user`. */
    senderType?: string;
    /** Set once someone else has read it. */
    read?: true;
    /** Set when it was taken back; `content` is empty then. */
    deleted?: true;
  };
  /** What a device sent to the others; exactly one of `text` and `base64`. */
  relay: {
    /** Of the device, when it sent this. */
    identity: string;
    /** The connection that sent it, which does not hear it. */
    sessionId: string;
    /** JSON, byte for byte as it came. */
    text?: string;
    /** A binary frame. */
    base64?: string;
    /** The only device that it is for; absent is every other connection. */
    to?: string;
    /** The sender's own id for it, for idempotent sends. */
    clientMsgId?: string;
  };
  /** What came from outside into a live room. */
  live: LiveMessage;
  /** An admin's or the backend's own event, passed on as it is. */
  custom_event: { eventType: string; payload: unknown };
  /** A notice from the operator or the server. */
  system: { message: string };
  /** A message was taken back; `seq` is that message's. */
  delete: { seq: number };
  /** The actor has read messages of others, by their numbers, ascending. */
  read: { seqs: number[] };
  /** A waiting room has all its participants and is active from here on. */
  open: { participants: Person[] };
  /** A user was put out for good (COMPAT 2.1: a kick is a lasting ban). */
  kick: { userId: string };
  /** A user was banned; `until` is epoch ms, `null` is for good. */
  ban: { userId: string; until: number | null };
  unban: { userId: string };
  /** A user was muted; `until` is epoch ms, `null` is for good. */
  mute: { userId: string; until: number | null };
  unmute: { userId: string };
  /** The whole set of admins, after the change. */
  admins: { userIds: string[] };
  /** The settings that changed, with their new values. */
  settings: Partial<RoomSettings>;
  /** The room ended; nothing follows. */
  end: { reason: EndReason };
}

/**
 * Why a room ended: somebody closed it, its users were gone, or nobody was
 * found for the one who waited in it.
 */
export type EndReason = "closed" | "reaped" | "unmatched";

/** What a message is (COMPAT 0.1, seed 1). */
export const MESSAGE_TYPES = [
  "text",
  "image",
  "file",
  "emoji",
  "video",
  "audio",
  "voice",
] as const;

export type MessageType = (typeof MESSAGE_TYPES)[number];

/** What an operator may set on a room while it runs. */
export interface RoomSettings {
  /** The room's name, 1 to 200 characters. */
  name: string;
  /** Least time between two messages of one user, in s; `null` is the server's. */
  slowModeSecs: number | null;
  /** Most members at a time; `null` is the server's bound. */
  membersMax: number | null;
  /**
   * A notice shown on top, at most 4096 characters; `null` is none. A room with
   * one, an empty one too, is never reaped.
   */
  pinned: string | null;
}

export type EntryKind = keyof EntryPayloads;

interface EntryOf<Kind extends EntryKind> {
  readonly roomId: string;
  /** 1, 2, 3… in its room, without gaps, across restarts too. */
  readonly seq: number;
  /** A UUID, unique everywhere. */
  readonly id: string;
  /** When it was accepted, in epoch ms. */
  readonly at: number;
  readonly kind: Kind;
  /** The user who caused it; `null` when the server or its operator did. */
  readonly actor: string | null;
  readonly payload: EntryPayloads[Kind];
}

/** An entry of any kind, or of the kinds named. */
export type LogEntry<Kind extends EntryKind = EntryKind> = {
  [Each in Kind]: EntryOf<Each>;
}[Kind];
