/**
 * What the HTTP API answers about live rooms, as far as the commands use it.
 *
 * As in `answers.ts`, fields that are not named here pass through. Instants are
 * in epoch ms, but for `last_message_time`, which is in s.
 *
 * @module
 */

import { z } from "zod";

/** How a link stands, but for its quality. */
export const linkFields = z.looseObject({
  source: z.string(),
  state: z.string(),
  reconnect_count: z.number(),
  last_message_time: z.number(),
  retry_at: z.number().nullable(),
  fault: z.string().nullable(),
  fault_code: z.number().nullable(),
  warning: z.string().nullable(),
});

/** How a link of an answer stands. */
export type LinkAnswer = z.infer<typeof linkFields>;

/** What a room has had so far. */
export const statsFields = z.looseObject({
  messages: z.number(),
  chats: z.number(),
  gifts: z.number(),
  likes: z.number(),
  members: z.number(),
  follows: z.number(),
  current_viewers: z.number().nullable(),
  total_viewers: z.string().nullable(),
});

/** The numbers of a room of an answer. */
export type LiveStatsAnswer = z.infer<typeof statsFields>;

const counted = linkFields.extend({
  watchers: z.number(),
  stats: statsFields,
  /** Oldest first, the current minute last. */
  messages_per_minute: z.array(z.number()),
  added_at: z.number(),
});

const listedLink = counted.extend({ quality: z.number().nullable() });

/** A link of the list of an answer. */
export type ListedLinkAnswer = z.infer<typeof listedLink>;

/** `GET /api/live/status`; `connections` are by live id. */
export const linksAnswer = z.looseObject({
  active_rooms: z.array(z.string()),
  connections: z.record(z.string(), listedLink),
});

const part = z.looseObject({
  value: z.number().nullable(),
  score: z.number().nullable(),
  weight: z.number(),
});

/** One part of a quality of an answer. */
export type QualityPartAnswer = z.infer<typeof part>;

/** `GET /api/live/{live_id}`. */
export const linkDetailAnswer = counted.extend({
  live_id: z.string(),
  room_id: z.string().nullish(),
  last_seq: z.number().nullish(),
  failing_since: z.number().nullable(),
  quality: z.looseObject({
    score: z.number().nullable(),
    parts: z.looseObject({
      live_share: part,
      reconnects_per_hour: part,
      longest_silence_ms: part,
      lag_ms: part,
    }),
  }),
});

/** All of a link of an answer. */
export type LinkDetailAnswer = z.infer<typeof linkDetailAnswer>;

/** `POST /api/live/start` and `POST /api/live/{live_id}/retry`. */
export const linkStateAnswer = z.looseObject({ state: z.string() });

/** `POST /api/live/stop`. */
export const stoppedAnswer = z.looseObject({ success: z.boolean() });
