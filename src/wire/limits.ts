/**
 * Bounds on what may arrive on a wire and that no setting moves.
 *
 * Bounds that an operator may want to move are settings; see `config.ts`.
 *
 * @module
 */

/** Most characters of a `client_msg_id`. */
export const CLIENT_MSG_ID_CHARS_MAX = 128;
/** Most characters of a custom event's `event_type`. */
export const EVENT_TYPE_CHARS_MAX = 128;
/** How deep a custom event's payload may nest. */
export const JSON_DEPTH_MAX = 64;
/** Most entries of one `History` answer. */
export const HISTORY_LIMIT_MAX = 200;
/** Entries of one `History` answer when the client names no limit. */
export const HISTORY_LIMIT_DEFAULT = 50;
/** The longest timed ban or mute, in s: 10 years. */
export const PENALTY_SECS_MAX = 315_360_000;
/** Most characters of a room's name. */
export const ROOM_NAME_CHARS_MAX = 200;
/** Most characters of a room's pinned notice. */
export const PINNED_CHARS_MAX = 4096;
/** Most admins of one room. */
export const ADMINS_MAX = 1000;
/** The longest slow mode, in s: one day. */
export const SLOW_MODE_SECS_MAX = 86_400;
/** The last second that a JavaScript date holds, in unix seconds. */
export const EPOCH_SECS_MAX = 8_640_000_000_000;
/** How long a `client_msg_id` is remembered, in ms. */
export const IDEMPOTENCY_MS = 600_000;

/** Most messages that one frame or request marks as read. */
export const READ_SEQS_MAX = 500;
/** Most characters of a message's `file_url`. */
export const FILE_URL_CHARS_MAX = 2048;
/** Most characters of a message's `file_name`. */
export const FILE_NAME_CHARS_MAX = 255;
/** Most characters of a message's `sender_type`. */
export const SENDER_TYPE_CHARS_MAX = 32;
/** Most characters of a room id that a client names. */
export const ROOM_ID_CHARS_MAX = 128;

/** Most characters of a device's id, and of its identity (COMPAT 3.4). */
export const DEVICE_CHARS_MAX = 255;
/** Most other connections that one `room_info` names. */
export const ROOM_INFO_CLIENTS_MAX = 1000;
/** Most characters of a room id that a device names and has made. */
export const DEVICE_ROOM_ID_CHARS_MAX = 64;

/** Most characters of one message of a live room, as viewers read it. */
export const LIVE_TEXT_CHARS_MAX = 65_536;
/** Messages of a live room that its snapshot brings. */
export const LIVE_SNAPSHOT_MAX = 50;

/** Bounds on what a client says, from settings. */
export interface ClientLimits {
  readonly contentCharsMax: number;
  readonly userIdCharsMax: number;
}
