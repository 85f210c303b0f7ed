/**
 * What a live room has had so far.
 *
 * @module
 */

import { z } from "zod";
import type { LiveStats, LiveType } from "../wire/live.ts";
import type { LiveTypeCount } from "../wire/live_link.ts";
import { keptCount } from "./live_text.ts";
import type { SourceMessage } from "./source.ts";
import { type ViewerCount, viewerCountOf } from "./viewer_count.ts";

const total = z.int().nonnegative();

/** How it is stored. */
export const SAVED_TALLY = z.object({
  messages: total,
  chats: total,
  gifts: total,
  likes: total,
  members: total,
  follows: total,
  currentViewers: total.nullable(),
  totalViewers: z.string().nullable(),
  totalViewersCount: total.nullable(),
});

type Sums = Omit<LiveStats, keyof ViewerCount>;
type Sum = Exclude<keyof Sums, "messages">;

/** Which sum a type goes into, beside that of all messages. */
const SUM_OF: { readonly [Type in LiveType]?: Sum } = {
  chat: "chats",
  gift: "gifts",
  like: "likes",
  member: "members",
  follow: "follows",
};

const NOTHING: LiveStats = {
  messages: 0,
  chats: 0,
  gifts: 0,
  likes: 0,
  members: 0,
  follows: 0,
  currentViewers: null,
  totalViewers: null,
  totalViewersCount: null,
};

/** Sums of messages, and what was said last of who watches. */
export class LiveTally {
  readonly #sums: { -readonly [Key in keyof Sums]: Sums[Key] };
  #viewers: ViewerCount;

  constructor(stats: LiveStats = NOTHING) {
    const { currentViewers, totalViewers, totalViewersCount, ...sums } = stats;
    this.#sums = sums;
    this.#viewers = { currentViewers, totalViewers, totalViewersCount };
  }

  /** Counts a message that was kept. */
  note({ type, count, data }: SourceMessage): void {
    this.#add(type, 1, keptCount(count));
    if (type === "stats") this.#noteViewers(viewerCountOf(data));
  }

  /** Counts messages of which only this is known. */
  addCounts(counts: readonly LiveTypeCount[]): void {
    for (const { type, messages, count } of counts) {
      this.#add(type, messages, count);
    }
  }

  stats(): LiveStats {
    return { ...this.#sums, ...this.#viewers };
  }

  #add(type: LiveType, messages: number, count: number): void {
    const sums = this.#sums;
    sums.messages = plus(sums.messages, messages);
    const sum = SUM_OF[type];
    if (sum !== undefined) sums[sum] = plus(sums[sum], count);
  }

  /** A message may say one of the two; the other stays as it was. */
  #noteViewers(told: ViewerCount): void {
    const known = this.#viewers;
    const isTotalTold = told.totalViewers !== null ||
      told.totalViewersCount !== null;
    const { totalViewers, totalViewersCount } = isTotalTold ? told : known;
    const currentViewers = told.currentViewers ?? known.currentViewers;
    this.#viewers = { currentViewers, totalViewers, totalViewersCount };
  }
}

function plus(sum: number, more: number): number {
  return Math.min(sum + more, Number.MAX_SAFE_INTEGER);
}
