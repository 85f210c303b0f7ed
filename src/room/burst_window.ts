/**
 * Likes and members of a live room, gathered for a second.
 *
 * Thousands of them come in a second where a crowd watches. Nobody reads them
 * one by one, and writing each to every viewer would leave no time for what is
 * read. In the log they are one by one all the same.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import type { RoomEvent } from "../wire/event.ts";
import type { BurstType, LiveType } from "../wire/live.ts";

/** How long they are gathered, from the first on, in ms. */
const BURST_WINDOW_MS = 1000;

/** What is told once a window closes. */
export type BurstEvent = Extract<RoomEvent, { type: "entry" | "live_burst" }>;

/** Those of one type in the open window. */
interface Gathered {
  readonly type: BurstType;
  readonly first: LogEntry<"live">;
  last: LogEntry<"live">;
  messages: number;
  count: number;
}

/** Whether messages of a type are told as a sum. */
export function isGathered(type: LiveType): type is BurstType {
  return type === "like" || type === "member";
}

/** The open window of one room, if there is one. */
export class BurstWindow {
  #dueAt: number | undefined;
  readonly #gathered = new Map<BurstType, Gathered>();

  /** When the open window closes, in epoch ms. */
  get dueAt(): number | undefined {
    return this.#dueAt;
  }

  /** Whether the open window has to be closed. */
  isDue(now: number): boolean {
    if (this.#dueAt === undefined) return false;
    return now >= this.#dueAt || now < this.#dueAt - BURST_WINDOW_MS;
  }

  /** Adds a message to the open window, or opens one. */
  note(type: BurstType, entry: LogEntry<"live">, now: number): void {
    // A wall clock that was set back must not keep the window open.
    const latestAt = now + BURST_WINDOW_MS;
    this.#dueAt = Math.min(this.#dueAt ?? latestAt, latestAt);
    const { count } = entry.payload;
    const gathered = this.#gathered.get(type);
    if (gathered === undefined) {
      const one = { type, first: entry, last: entry, messages: 1, count };
      this.#gathered.set(type, one);
      return;
    }
    gathered.last = entry;
    gathered.messages += 1;
    gathered.count += count;
  }

  /**
   * Closes the window, whether its time has come or not: an event a type, in
   * the order of their last numbers. Whoever hears of a sum may then take all
   * that lies within it for told.
   */
  close(): BurstEvent[] {
    this.#dueAt = undefined;
    if (this.#gathered.size === 0) return [];
    const inOrder = [...this.#gathered.values()]
      .sort((one, other) => one.last.seq - other.last.seq);
    this.#gathered.clear();
    return inOrder.map(eventOf);
  }
}

function eventOf(
  { type, first, last, messages, count }: Gathered,
): BurstEvent {
  if (messages === 1) return { type: "entry", entry: first };
  const { seq: toSeq, id, at, payload: { text } } = last;
  const { seq: fromSeq } = first;
  const sums = { messages, count };
  return {
    type: "live_burst",
    burst: { type, fromSeq, toSeq, id, at, ...sums, text },
  };
}
