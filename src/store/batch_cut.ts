/**
 * Where the batches of a room's records begin and end.
 *
 * @module
 */

/** A stretch of records that makes one batch. */
export interface Stretch {
  /** The first and the last number, both included. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Stretches in order, and whether they hold all there is. */
export interface Cut {
  readonly stretches: readonly Stretch[];
  /** When not, what is left makes more batches later. */
  readonly isWhole: boolean;
}

/** A message that is in no batch, and how much it weighs. */
export interface WeighedMessage {
  readonly seq: number;
  readonly bytes: number;
}

/** How large a batch of messages may be. */
export interface CutLimits {
  readonly countMax: number;
  /** Most bytes of a batch of more than one. */
  readonly bytesMax: number;
}

interface OpenStretch {
  from: number;
  to: number;
  count: number;
  bytes: number;
}

/**
 * Cuts messages, ascending, into as few batches as the limits let them be.
 *
 * When there is more behind them, the last stretch is left for later: what
 * follows may belong to it.
 */
export function cutMessages(
  messages: readonly WeighedMessage[],
  { isAll, countMax, bytesMax }: CutLimits & { readonly isAll: boolean },
): Cut {
  const stretches: OpenStretch[] = [];
  let open: OpenStretch | undefined;
  for (const { seq, bytes } of messages) {
    const hasRoom = open !== undefined && open.count < countMax &&
      open.bytes + bytes <= bytesMax;
    if (open === undefined || !hasRoom) {
      open = { from: seq, to: seq, count: 1, bytes };
      stretches.push(open);
    } else {
      open.to = seq;
      open.count += 1;
      open.bytes += bytes;
    }
  }
  if (!isAll) stretches.pop();
  return { stretches, isWhole: isAll };
}

/** Cuts places that have no gaps, both ends included. */
export function cutPlaces(
  { from, to }: { readonly from: number; readonly to: number },
  { countMax, stretchesMax }: {
    readonly countMax: number;
    readonly stretchesMax: number;
  },
): Cut {
  const stretches: Stretch[] = [];
  let next = from;
  while (next <= to && stretches.length < stretchesMax) {
    const count = Math.min(countMax, to - next + 1);
    stretches.push({ from: next, to: next + count - 1, count });
    next += count;
  }
  return { stretches, isWhole: next > to };
}
