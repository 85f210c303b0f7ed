/**
 * Schemas of the fields that several routes take.
 *
 * @module
 */

import { z } from "zod";
import {
  ADMINS_MAX,
  PENALTY_SECS_MAX,
  PINNED_CHARS_MAX,
  ROOM_NAME_CHARS_MAX,
  SLOW_MODE_SECS_MAX,
} from "../wire/limits.ts";
import { maybe } from "../wire/maybe.ts";
import { boundedText } from "../wire/text.ts";

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
