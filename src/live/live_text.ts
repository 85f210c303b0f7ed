/**
 * What a source says, as it is kept and as viewers read it.
 *
 * @module
 */

import type { LiveMessage } from "../wire/live.ts";
import { LIVE_TEXT_CHARS_MAX } from "../wire/limits.ts";
import type { FeedFault, SourceMessage } from "./source.ts";

/** Most characters of the id that a message has where it comes from. */
export const UPSTREAM_ID_CHARS_MAX = 256;

/** Most that one message stands for: sums of them stay exact. */
export const MESSAGE_COUNT_MAX = 1e9;

/** Where and when a message was taken. */
export interface Taking {
  readonly liveId: string;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * A message in the form that rooms keep.
 *
 * @returns why there is none, where there is none: it, or its id, is longer
 * than may be, or JSON cannot say it.
 */
export function liveMessageOf(
  message: SourceMessage,
  taking: Taking,
): LiveMessage | FeedFault {
  const { type, id } = message;
  if (id !== undefined && id.length > UPSTREAM_ID_CHARS_MAX) {
    return "message_too_large";
  }
  const text = textOf(message, taking);
  if (text === undefined) return "malformed";
  if (text.length > LIVE_TEXT_CHARS_MAX) return "message_too_large";
  const count = keptCount(message.count);
  return id === undefined
    ? { type, text, count }
    : { type, text, count, upstreamId: id };
}

/** How many a message stands for: whole, 0 to `MESSAGE_COUNT_MAX`. */
export function keptCount(count: number): number {
  if (Number.isNaN(count)) return 1;
  return Math.min(Math.max(Math.trunc(count), 0), MESSAGE_COUNT_MAX);
}

function textOf(
  { type, data }: SourceMessage,
  { liveId, now }: Taking,
): string | undefined {
  const timestamp = data["timestamp"] ?? now / 1000;
  try {
    return JSON.stringify({ ...data, type, timestamp, live_id: liveId });
  } catch {
    return undefined;
  }
}
