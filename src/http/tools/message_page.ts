/**
 * A stretch of a room's messages, read a little at a time.
 *
 * A room may hold thousands of long messages. What one answer shows is bounded
 * by its weight too, and none of the rest is read.
 *
 * @module
 */

import { entryWeight } from "../../room/entry_weight.ts";
import type { LogEntry } from "../../wire/entry.ts";
import type { ToolsDeps } from "./tools_deps.ts";

/** Most messages of one answer. */
export const MESSAGES_MAX = 10_000;

/** Most that one answer weighs, in UTF-16 units, unless it is one message. */
export const MESSAGES_WEIGHT_MAX = 2 ** 21;

/** How many are read at a time. */
const READ_MAX = 250;

/** Which messages. */
export interface MessageQuery {
  /** Only lower numbers. */
  readonly beforeSeq: number | undefined;
  readonly limit: number;
}

/** Messages in ascending order, and whether there are some before them. */
export interface MessagePage {
  readonly messages: readonly LogEntry<"message">[];
  readonly hasMore: boolean;
}

/** The newest messages that a query fits and that one answer takes. */
export async function messagePage(
  roomId: string,
  { beforeSeq, limit }: MessageQuery,
  { messages, recorder }: Pick<ToolsDeps, "messages" | "recorder">,
): Promise<MessagePage> {
  await recorder.flushRoom(roomId);
  const newestFirst: LogEntry<"message">[] = [];
  let before = beforeSeq;
  let weight = 0;
  for (;;) {
    // One more than asked tells whether there is more.
    const count = Math.min(READ_MAX, limit - newestFirst.length + 1);
    const found = await messages.messages(roomId, {
      ...(before === undefined ? {} : { beforeSeq: before }),
      limit: count,
    });
    for (const message of found.toReversed()) {
      weight += entryWeight(message);
      const isOver = newestFirst.length > 0 && weight > MESSAGES_WEIGHT_MAX;
      if (newestFirst.length === limit || isOver) {
        return { messages: newestFirst.reverse(), hasMore: true };
      }
      newestFirst.push(message);
    }
    if (found.length < count) break;
    before = found[0]?.seq;
  }
  return { messages: newestFirst.reverse(), hasMore: false };
}
