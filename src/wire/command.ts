/**
 * What a client may ask, in no dialect: the whitelist of inbound kinds.
 *
 * A dialect decodes a frame into one of these or into an error; the HTTP API
 * builds the same ones. Nothing else reaches a room from outside.
 *
 * @module
 */

import type { RoomSettings } from "./entry.ts";

/** What changes or addresses a room; a room handles each in one turn. */
export type RoomCommand =
  | {
    readonly type: "chat";
    readonly content: string;
    readonly clientMsgId?: string;
  }
  | AdminCommand;

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
  | { readonly type: "end"; readonly reason: "closed" | "reaped" };

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
  | { readonly type: "refresh_token"; readonly token: string };

export type ClientCommand = RoomCommand | ConnectionCommand;
