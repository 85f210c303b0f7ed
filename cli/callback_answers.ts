/**
 * What the HTTP API answers about callbacks, as far as the commands use it.
 *
 * As in `answers.ts`, fields that are not named here pass through. Every
 * instant is in epoch ms.
 *
 * @module
 */

import { z } from "zod";

/** One endpoint, as `POST …/callbacks/{endpoint}/pause` answers it. */
export const endpointAnswer = z.looseObject({
  endpoint: z.string(),
  url: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
  breaker: z.string(),
  held_until: z.number().nullable(),
  backlog: z.number(),
  oldest_age_seconds: z.number().nullable(),
  in_flight: z.number(),
  dead: z.number(),
  last_success_at: z.number().nullable(),
  last_error_at: z.number().nullable(),
  last_error: z.string().nullable(),
});

/** An endpoint of an answer. */
export type EndpointAnswer = z.infer<typeof endpointAnswer>;

/** `GET /management/callbacks`. */
export const callbacksAnswer = z.looseObject({
  endpoints: z.array(endpointAnswer),
});

const deadLetter = z.looseObject({
  number: z.number(),
  id: z.string(),
  endpoint: z.string(),
  event_type: z.string(),
  room_id: z.string(),
  at: z.number(),
  died_at: z.number(),
  attempts: z.number(),
  error: z.string(),
});

/** An event of an answer that was given up. */
export type DeadLetterAnswer = z.infer<typeof deadLetter>;

/** `GET …/callbacks/dead`; `next` is `null` on the last page. */
export const deadLettersAnswer = z.looseObject({
  dead: z.array(deadLetter),
  next: z.number().nullable(),
});

/** `POST …/callbacks/replay`; `next` is `null` when all that fits was taken. */
export const replayAnswer = z.looseObject({
  replayed: z.number(),
  next: z.number().nullable(),
});

/** `POST …/callbacks/test`; `status` is `null` when nobody answered. */
export const sampleAnswer = z.looseObject({
  ok: z.boolean(),
  status: z.number().nullable(),
  error: z.string(),
  milliseconds: z.number(),
  response: z.string(),
});

/** What came of a sample of an answer. */
export type SampleAnswer = z.infer<typeof sampleAnswer>;
