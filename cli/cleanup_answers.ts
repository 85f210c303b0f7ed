/**
 * What the HTTP API answers about cleaning up, as far as the commands use it.
 *
 * As in `answers.ts`, further fields pass through, `created_at` is in s and
 * every other instant in ms.
 *
 * @module
 */

import { z } from "zod";

const cleanupRoom = z.looseObject({
  room_id: z.string(),
  /** Absent from an older server, and taken for a room of users. */
  kind: z.enum(["managed", "chat", "device", "live"]).optional()
    .catch(undefined),
  created_at: z.number(),
  empty_since_at: z.number().nullable(),
  error: z.string().optional(),
});

/** `POST /management/cleanup`. */
export const cleanupAnswer = z.looseObject({
  /** How long nobody must have been there: the server's unless asked for. */
  minutes: z.number(),
  /** The same for live rooms; 0 is never. Absent from an older server. */
  live_minutes: z.number().optional(),
  rooms: z.array(cleanupRoom),
  /** How many rooms stay, by the code of the reason. */
  spared: z.record(z.string(), z.number()),
  next_due_in_ms: z.number().nullable(),
  counts: z.looseObject({
    active: z.number(),
    ended: z.number(),
    waiting: z.number(),
  }),
});

/** All of an answer. */
export type CleanupAnswer = z.infer<typeof cleanupAnswer>;

/** `GET /management/cleanup/{room_id}`. */
export const explanationAnswer = z.looseObject({
  minutes: z.number(),
  room_id: z.string(),
  would_end: z.boolean(),
  reason: z.string(),
  due_in_ms: z.number().nullable(),
  status: z.string().nullable(),
  created_at: z.number().nullable(),
  empty_since_at: z.number().nullable(),
  last_message_at: z.number().nullable(),
  ended_at: z.number().nullable(),
  connections: z.number(),
});

/** All of an answer. */
export type ExplanationAnswer = z.infer<typeof explanationAnswer>;

/** `POST /management/cleanup/heart-links`. */
export const linkSweepAnswer = z.looseObject({
  expired: z.number(),
  pending: z.number(),
  matched: z.number(),
});
