/**
 * What a client may ask, in no dialect: the whitelist of inbound kinds.
 *
 * A dialect decodes a frame into one of these or into an error; the HTTP API
 * builds the same ones. Nothing else reaches a room from outside.
 *
 * @module
 */

import type { EndReason, MessageType, RoomSettings } from "./entry.ts";
import type { Person } from "./person.ts";
import type { DurableRecord } from "./record.ts";
import type { ChosenStatus } from "./presence.ts";

/** What changes or addresses a room; a room handles each in one turn. */
export type RoomCommand =
  | ChatCommand
  | ReadCommand
  | RelayCommand
  /** Who is in the room (COMPAT 3.3); the asker alone is answered. */
  | { readonly type: "query_room" }
  | { readonly type: "notice"; readonly notice: Notice }
  | AdminCommand;

/** Something that a user says. */
export interface ChatCommand {
  readonly type: "chat";
  readonly content: string;
  readonly clientMsgId?: string;
  /** Absent is `text`. */
  readonly messageType?: MessageType;
  /** An http(s) URL, or a path of this server. */
  readonly fileUrl?: string;
  readonly fileName?: string;
  /** Absent is `user` (seed 1). */
  readonly senderType?: string;
}

/** A user has read messages of others; own and unknown ones are passed over. */
export interface ReadCommand {
  readonly type: "read";
  /** 1 to `READ_SEQS_MAX` numbers. */
  readonly seqs: readonly number[];
}

/** Something that a device sends to the others, passed on as it is. */
export interface RelayCommand {
  readonly type: "relay";
  readonly body: RelayBody;
  /** The only device to get it; absent is every other connection. */
  readonly targetId?: string;
  readonly clientMsgId?: string;
}

/** What a device sent: JSON as it wrote it, or bytes. */
export type RelayBody = string | Uint8Array<ArrayBuffer>;

/** What a user may do to a room over HTTP, with no connection to it. */
export type PostCommand =
  | ChatCommand
  | ReadCommand
  /** The user's own message; that it is theirs is checked before. */
  | { readonly type: "delete_message"; readonly seq: number };

/** What is told to those who are here and to nobody later (COMPAT 0.3). */
export type Notice =
  | { readonly type: "typing"; readonly isTyping: boolean }
  | {
    readonly type: "call_invite";
    readonly message: string;
    /** The caller's own name for the call; absent is the room. */
    readonly callRoomId?: string;
  }
  | {
    readonly type: "call_status";
    readonly status: CallStatus;
    readonly messageId: string | number | null;
    readonly callRoomId: string | null;
  }
  /** "I posted over HTTP, tell the others." */
  | { readonly type: "posted"; readonly messageId: string | number };

/** What became of a call. */
export type CallStatus = "joined" | "declined" | "left" | "expired";

/** What only an admin of the room, or the operator, may ask. */
export type AdminCommand =
  | { readonly type: "kick"; readonly userId: string }
  | {
    readonly type: "ban";
    readonly userId: string;
    /** How long, in s; absent is for good. */
    readonly durationSecs?: number;
  }
  | { readonly type: "unban"; readonly userId: string }
  | {
    readonly type: "mute";
    readonly userId: string;
    /** How long, in s; absent is for good. */
    readonly durationSecs?: number;
  }
  | { readonly type: "unmute"; readonly userId: string }
  | {
    readonly type: "custom_event";
    readonly eventType: string;
    readonly payload: unknown;
  }
  | { readonly type: "delete_message"; readonly seq: number };

/** What only the operator may ask, over HTTP. */
export type OperatorCommand =
  | AdminCommand
  | { readonly type: "system"; readonly message: string }
  | { readonly type: "set_admins"; readonly userIds: readonly string[] }
  | { readonly type: "set_settings"; readonly settings: Partial<RoomSettings> }
  /** A waiting room gets its second participant and becomes active. */
  | {
    readonly type: "open";
    readonly newcomer: Person;
    /** Other facts that are kept with this one, or not at all. */
    readonly records: readonly DurableRecord[];
  }
  | { readonly type: "end"; readonly reason: EndReason };

/** What the connection answers itself, without the room's turn. */
export type ConnectionCommand =
  | { readonly type: "ping"; readonly timestamp: number | null | undefined }
  | {
    readonly type: "history";
    readonly beforeSeq?: number;
    readonly afterSeq?: number;
    /** 1 to 200 entries. */
    readonly limit: number;
  }
  | { readonly type: "refresh_token"; readonly token: string }
  | { readonly type: "heartbeat" }
  | { readonly type: "set_status"; readonly status: ChosenStatus };

export type ClientCommand = RoomCommand | ConnectionCommand;
