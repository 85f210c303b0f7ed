/**
 * What a session that comes back is owed.
 *
 * @module
 */

import type { SeqRange } from "../wire/packet.ts";
import type { ResumePoint } from "./room_input.ts";
import type { RoomState } from "./room_state.ts";

/** How a session goes on from what it knows. */
export interface ResumePlan {
  /** Whether everything after the client's point follows. */
  readonly recovered: boolean;
  /** The number after which entries are sent. */
  readonly afterSeq: number;
  /** What the client must page for itself instead. */
  readonly gap: SeqRange | null;
}

/** Decides by the client's point, of this log or of another. */
export function resume(
  { epoch, lastSeq, options }: RoomState,
  point: ResumePoint | null,
): ResumePlan {
  const isSameLog = point !== null && point.epoch === epoch &&
    point.sinceSeq <= lastSeq;
  if (!isSameLog) return { recovered: false, afterSeq: lastSeq, gap: null };
  const { sinceSeq } = point;
  if (lastSeq - sinceSeq > options.resumeEntriesMax) {
    const gap = { from: sinceSeq + 1, to: lastSeq };
    return { recovered: false, afterSeq: lastSeq, gap };
  }
  return { recovered: true, afterSeq: sinceSeq, gap: null };
}
