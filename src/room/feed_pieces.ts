/**
 * A feed in pieces of a turn each.
 *
 * A turn stops taking inputs once what it has to say is enough, but it never
 * stops within one. So what is fed is cut before it goes into the mailbox, and
 * the room's admins wait behind one piece and not behind all.
 *
 * @module
 */

import type { LiveMessage } from "../wire/live.ts";
import type { Fed } from "./room_input.ts";

/** Most that one piece weighs, in UTF-16 units; one message may exceed it. */
const PIECE_WEIGHT_MAX = 65_536;

export interface FeedPiecesOptions {
  /** Most messages of the next piece, at least 1. */
  readonly countMax: () => number;
  /** Feeds one piece. */
  readonly feed: (piece: readonly LiveMessage[]) => Promise<Fed>;
}

/**
 * Feeds messages piece by piece, each once the one before was kept.
 *
 * @returns what was kept, from the first message on.
 * @throws what the first piece is refused with.
 */
export async function feedInPieces(
  messages: readonly LiveMessage[],
  { countMax, feed }: FeedPiecesOptions,
): Promise<Fed> {
  let piece = messages.slice(0, fittingCount(messages, 0, countMax()));
  let { keptCount, lastSeq } = await feed(piece);
  let isAll = keptCount === piece.length;
  while (isAll && keptCount < messages.length) {
    const count = fittingCount(messages, keptCount, countMax());
    piece = messages.slice(keptCount, keptCount + count);
    const fed = await feed(piece).catch(() => undefined);
    if (fed === undefined) break;
    keptCount += fed.keptCount;
    lastSeq = fed.lastSeq;
    isAll = fed.keptCount === piece.length;
  }
  return { keptCount, lastSeq };
}

/** How many messages, from one on, make a piece. */
function fittingCount(
  messages: readonly LiveMessage[],
  first: number,
  countMax: number,
): number {
  let weight = 0;
  let count = 0;
  for (let index = first; index < messages.length; index++) {
    weight += messages[index]?.text.length ?? 0;
    if (count > 0 && (weight > PIECE_WEIGHT_MAX || count >= countMax)) break;
    count += 1;
  }
  return count;
}
