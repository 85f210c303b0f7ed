/**
 * Likes and visits of a page of the log as sums: one line for all of a second,
 * as the room tells them to those who watch.
 *
 * @module
 */

import type { LiveItem } from "./live_facts.ts";

/** How long messages are gathered into one, in ms. */
const WINDOW_MS = 1000;

const GATHERED: ReadonlySet<unknown> = new Set(["like", "member"]);

/** A sum that may grow still. */
interface Open {
  item: LiveItem;
  /** Where it stands among the lines. */
  index: number;
  readonly beganAt: number;
}

/** The messages, in their order; a sum stands where its last message stood. */
export function gathered(items: readonly LiveItem[]): LiveItem[] {
  const lines: (LiveItem | undefined)[] = [];
  const sums = new Map<unknown, Open>();
  for (const item of items) {
    const { type } = item.data;
    const sum = sums.get(type);
    const index = lines.length;
    if (sum !== undefined && item.at - sum.beganAt <= WINDOW_MS) {
      lines[sum.index] = undefined;
      sum.item = added(sum.item, item);
      sum.index = index;
      lines.push(sum.item);
      continue;
    }
    lines.push(item);
    if (GATHERED.has(type)) sums.set(type, { item, index, beganAt: item.at });
  }
  return lines.filter((line) => line !== undefined);
}

/** How many of what it tells of a message stands for. */
export function countOf({ data: { count } }: LiveItem): number {
  return typeof count === "number" ? count : 1;
}

function added(sum: LiveItem, item: LiveItem): LiveItem {
  return {
    ...item,
    from_seq: sum.from_seq ?? sum.seq,
    conflated: (sum.conflated ?? 1) + (item.conflated ?? 1),
    data: { ...item.data, count: countOf(sum) + countOf(item) },
  };
}
