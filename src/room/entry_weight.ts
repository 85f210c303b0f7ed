/**
 * How much an entry adds to what waits for a session, and to memory.
 *
 * Most entries are short, but a message may have thousands of characters, and a
 * custom event or what a device sent a whole frame: a page, and what is held in
 * memory, is bounded by weight, not only by count.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";

/** Most that is read, or sent within a turn, at a time, in UTF-16 units. */
export const PAGE_WEIGHT_MAX = 131_072;

/** What an entry weighs beside its text, in UTF-16 units. */
const FRAME_WEIGHT = 200;

/** An estimate of an entry's frame, in UTF-16 units. */
export function entryWeight(entry: LogEntry): number {
  switch (entry.kind) {
    case "message": {
      const { content, fileUrl = "", fileName = "" } = entry.payload;
      return FRAME_WEIGHT + content.length + fileUrl.length + fileName.length;
    }
    case "relay": {
      const { text = "", base64 = "" } = entry.payload;
      return FRAME_WEIGHT + text.length + base64.length;
    }
    case "live": {
      const { text, upstreamId = "" } = entry.payload;
      return FRAME_WEIGHT + text.length + upstreamId.length;
    }
    default:
      return FRAME_WEIGHT + JSON.stringify(entry.payload).length;
  }
}

/** How many of the entries, from the first on, fit; at least one does. */
export function fittingCount(entries: Iterable<LogEntry>): number {
  let weight = 0;
  let count = 0;
  for (const entry of entries) {
    weight += entryWeight(entry);
    if (count > 0 && weight > PAGE_WEIGHT_MAX) break;
    count += 1;
  }
  return count;
}
