/**
 * Schemas of the fields that several routes take.
 *
 * @module
 */

import { z } from "zod";
import {
  ADMINS_MAX,
  EPOCH_SECS_MAX,
  PENALTY_SECS_MAX,
  PINNED_CHARS_MAX,
  ROOM_NAME_CHARS_MAX,
  SLOW_MODE_SECS_MAX,
} from "../wire/limits.ts";
import { maybe } from "../wire/maybe.ts";
import { boundedText } from "../wire/text.ts";

/** Most characters of an id or a cursor that a request names. */
const ID_CHARS_MAX = 200;

/** Most characters of a URL. */
const URL_CHARS_MAX = 2048;

/** The longest page number and offset that a query may name. */
export const POSITION_MAX = 1_000_000_000;

/** A room's name. */
export const roomName = boundedText(ROOM_NAME_CHARS_MAX);

/** A room's pinned notice; `null` is none. */
export const pinned = boundedText(PINNED_CHARS_MAX).nullable();

/** Slow mode, in s; `null` is the server's own interval. */
export const slowModeSecs = z.int().min(0).max(SLOW_MODE_SECS_MAX).nullable();

/** The length of a ban or mute, in s; absent is for good. */
export const durationSecs = maybe(z.int().min(1).max(PENALTY_SECS_MAX));

/** An id, a name or a cursor, of something that there may not be. */
export const boundedId = boundedText(ID_CHARS_MAX);

/** An instant in a body, in unix seconds. */
export const epochSecs = z.int().min(0).max(EPOCH_SECS_MAX);

/** Where something can be sent. */
export const httpUrl = z.url({
  protocol: /^https?$/,
  error: "want a URL that begins with http:// or https://",
}).max(URL_CHARS_MAX, `want at most ${URL_CHARS_MAX} characters`);

/** How many members a room takes; `null` is the server's bound. */
export function maxMembers(
  membersMax: number,
): z.ZodType<number | null, unknown> {
  return z.int().min(1).max(membersMax).nullable();
}

/** Admins by user id. Named twice is named once. */
export function adminUserIds(
  userIdCharsMax: number,
): z.ZodType<string[], unknown> {
  return z.array(boundedText(userIdCharsMax)).max(ADMINS_MAX)
    .transform((userIds) => [...new Set(userIds)]);
}

/** A query's integer within bounds, both included. */
export function queryInteger(
  min: number,
  max: number,
): z.ZodType<number, unknown> {
  const wanted = `want an integer in ${min}..${max}`;
  return z.string().regex(/^\d{1,16}$/, wanted)
    .transform(Number)
    .refine((value) => value >= min && value <= max, wanted);
}

/** A query's integer from 1, lowered to a cap when it is above. */
export function cappedInteger(cap: number): z.ZodType<number, unknown> {
  return queryInteger(1, Number.MAX_SAFE_INTEGER)
    .transform((value) => Math.min(value, cap));
}
