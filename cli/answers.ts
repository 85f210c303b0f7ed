/**
 * What the HTTP API answers, as far as the commands use it.
 *
 * Fields that are not named here pass through, so that `--json` shows all that
 * the server said. Instants named `created_at` or ending in `_time` are in s,
 * every other one is in ms, as README's table of routes says.
 *
 * @module
 */

import { z } from "zod";

const room = z.looseObject({
  room_id: z.string(),
  room_name: z.string(),
  admin_user_ids: z.array(z.string()),
  start_time: z.number(),
  current_users: z.number(),
  peak_users: z.number(),
  total_joins: z.number(),
  status: z.string().optional(),
  end_time: z.number().nullish(),
});

/** `GET /management/rooms`, with or without ended ones. */
export const roomsAnswer = z.array(room);

/** A room of an answer. */
export type RoomAnswer = z.infer<typeof room>;

const settings = z.looseObject({
  name: z.string(),
  slow_mode_secs: z.number().nullable(),
  max_members: z.number().nullable(),
  pinned: z.string().nullable(),
});

const member = z.looseObject({
  user_id: z.string(),
  nickname: z.string(),
  is_admin: z.boolean(),
  is_muted: z.boolean(),
  sessions: z.array(z.looseObject({ ip: z.string(), joined_at: z.number() })),
});

/** `GET /management/rooms/{id}`. */
export const roomDetailAnswer = room.extend({
  status: z.string(),
  auto_close: z.boolean(),
  last_seq: z.number(),
  session_count: z.number(),
  last_message_at: z.number().nullable(),
  ban_count: z.number(),
  mute_count: z.number(),
  settings,
  members: z.array(member),
});

/** All of a room of an answer. */
export type RoomDetailAnswer = z.infer<typeof roomDetailAnswer>;

/** A member of a room of an answer. */
export type MemberAnswer = z.infer<typeof member>;

/** `POST /management/rooms`. */
export const createdRoomAnswer = z.looseObject({
  room_id: z.string(),
  websocket_url: z.string(),
});

const penalty = z.looseObject({
  user_id: z.string(),
  until: z.number().nullable(),
  at: z.number(),
});

/** A ban or a mute of an answer. */
export type PenaltyAnswer = z.infer<typeof penalty>;

/** `GET …/bans`. */
export const bansAnswer = z.looseObject({
  room_id: z.string(),
  bans: z.array(penalty),
  total: z.number(),
});

/** `GET …/mutes`. */
export const mutesAnswer = z.looseObject({
  room_id: z.string(),
  mutes: z.array(penalty),
  total: z.number(),
});

/** A change of a room; `seq` is `null` where it already was so. */
export const changeAnswer = z.looseObject({ seq: z.number().nullable() });

const entry = z.looseObject({
  seq: z.number(),
  at: z.number(),
  type: z.string(),
  payload: z.record(z.string(), z.unknown()),
});

/** An entry of a log of an answer. */
export type EntryAnswer = z.infer<typeof entry>;

/** `GET …/messages`. */
export const historyAnswer = z.looseObject({
  entries: z.array(entry),
  has_more: z.boolean(),
});

const session = z.looseObject({
  user_id: z.string(),
  nickname: z.string(),
  ip: z.string(),
  joined_at: z.number(),
  left_at: z.number().nullable(),
  duration_seconds: z.number().nullable(),
  close_code: z.number().nullable(),
});

/** A stay of an answer. */
export type SessionAnswer = z.infer<typeof session>;

/** `GET …/sessions`. */
export const sessionsAnswer = z.looseObject({
  records: z.array(session),
  pagination: z.looseObject({
    current_page: z.number(),
    total_pages: z.number(),
    total_records: z.number(),
    has_next: z.boolean(),
  }),
});

/** `POST …/messages` and `POST …/events`. */
export const acceptedAnswer = z.looseObject({
  id: z.string(),
  seq: z.number(),
});

/** `POST /management/flush`. */
export const flushAnswer = z.looseObject({ flushed: z.number() });

/** `GET /management/pending`. */
export const pendingAnswer = z.looseObject({
  messages: z.number(),
  records: z.number(),
  bytes: z.number(),
  oldest_at: z.number().nullable(),
  failing: z.looseObject({
    since_at: z.number(),
    attempts: z.number(),
    error: z.string(),
  }).nullable(),
});

/** What is pending of an answer. */
export type PendingAnswer = z.infer<typeof pendingAnswer>;

const statusRoom = z.looseObject({
  room_id: z.string(),
  room_name: z.string(),
  current_users: z.number(),
  session_count: z.number(),
  peak_users: z.number(),
  total_joins: z.number(),
  last_seq: z.number(),
  last_message_at: z.number().nullable(),
});

/** A room of an answer. */
export type StatusRoomAnswer = z.infer<typeof statusRoom>;

const counters = z.looseObject({
  frames_in: z.number(),
  messages_accepted: z.number(),
  deliveries: z.number(),
  frames_out: z.number(),
  deliveries_dropped: z.number(),
  joins: z.number(),
  refusals: z.number(),
});

/** The counters of an answer. */
export type CountersAnswer = z.infer<typeof counters>;

/** `GET /management/status`. */
export const statusAnswer = z.looseObject({
  version: z.string(),
  started_at: z.number(),
  uptime_secs: z.number(),
  durability: z.string(),
  draining: z.boolean(),
  ready: z.boolean(),
  reasons: z.array(z.string()),
  rooms: z.number(),
  connections: z.number(),
  pending: pendingAnswer,
  counters,
  room_list: z.array(statusRoom),
});

/** All of an answer. */
export type StatusAnswer = z.infer<typeof statusAnswer>;

/** `POST /management/tokens`; `expires_at` is in ms. */
export const tokenAnswer = z.looseObject({
  token: z.string(),
  expires_at: z.number(),
});
