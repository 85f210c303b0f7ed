/**
 * Messages on their way into a room, in order.
 *
 * One feed is in flight at a time: what the room did not keep goes first in the
 * next one, so a refusal never changes the order. What comes meanwhile gathers,
 * and a room that is slow gets larger feeds and not more of them.
 *
 * @module
 */

import { backoffMs } from "../base/backoff.ts";
import type { Clock } from "../base/clock.ts";
import { Ring } from "../base/ring.ts";
import { ChatError } from "../wire/errors.ts";
import type { LiveMessage } from "../wire/live.ts";
import { FEED_MESSAGES_MAX, type LiveRoom } from "./live_room.ts";

/** Most characters of text that one feed brings. */
export const FEED_CHARS_MAX = 1024 * 1024;

/** The wait after a refusal, in ms. */
const RETRY = { baseMs: 100, maxMs: 5000, jitter: 0, fraction: 0 };

/** Something that is to be kept as a message. */
export interface Feedable {
  readonly message: LiveMessage;
}

/** What a room kept. */
export interface Kept<Item> {
  readonly items: readonly Item[];
  /** The number of the last one. */
  readonly lastSeq: number;
  readonly roomId: string;
}

/** What one queue needs. */
export interface FeedQueueOptions<Item> {
  readonly isUrgent: boolean;
  readonly clock: Pick<Clock, "after">;
  /** Finds or makes the room; asked for each feed. May throw. */
  readonly room: () => LiveRoom;
  readonly onKept: (kept: Kept<Item>) => void;
}

/** One queue of one link. What it holds is bounded by whoever offers. */
export class FeedQueue<Item extends Feedable> {
  readonly #options: FeedQueueOptions<Item>;
  #items = new Ring<Item>();
  #chars = 0;
  #isBusy = false;
  #isStopped = false;
  /** Feeds in a row of which nothing was kept. */
  #refusals = 0;
  #refusal: Error | null = null;
  #retry: Disposable | undefined;

  constructor(options: FeedQueueOptions<Item>) {
    this.#options = options;
  }

  /** What is not kept yet. */
  get size(): number {
    return this.#items.size;
  }

  /** Characters of its texts. */
  get chars(): number {
    return this.#chars;
  }

  /** Why the room took nothing the last time; `null` when it did. */
  get refusal(): Error | null {
    return this.#refusal;
  }

  /** Adds one at the end; nothing happens before `feed`. */
  offer(item: Item): void {
    if (this.#isStopped) return;
    this.#items.push(item);
    this.#chars += item.message.text.length;
  }

  /** Has what waits fed, unless that is under way. */
  feed(): void {
    if (!this.#isBusy) void this.#feedAll();
  }

  /** Gives up what waits; what is in flight is kept and not told of. */
  stop(): void {
    this.#isStopped = true;
    this.#retry?.[Symbol.dispose]();
    this.#items = new Ring();
    this.#chars = 0;
  }

  async #feedAll(): Promise<void> {
    this.#isBusy = true;
    while (this.#items.size > 0) {
      const refusal = await this.#feedSome();
      if (this.#isStopped) return;
      this.#refusal = refusal;
      this.#refusals = refusal === null ? 0 : this.#refusals + 1;
      const waitMs = refusal === null ? 0 : this.#waitMs(refusal);
      if (waitMs > 0) return this.#feedAfter(waitMs);
    }
    this.#isBusy = false;
  }

  #feedAfter(waitMs: number): void {
    const { clock } = this.#options;
    this.#retry = clock.after(waitMs, () => void this.#feedAll());
  }

  /** A room that has ended may have a successor, which is tried at once. */
  #waitMs(refusal: Error): number {
    const isEnded = refusal instanceof ChatError &&
      refusal.code === "room_ended";
    if (isEnded && this.#refusals === 1) return 0;
    return backoffMs(this.#refusals, RETRY);
  }

  /** Makes one feed; answers why nothing was kept. */
  async #feedSome(): Promise<Error | null> {
    const messages = this.#next();
    let room: LiveRoom;
    let fed: Awaited<ReturnType<LiveRoom["feed"]>>;
    try {
      room = this.#options.room();
      fed = await room.feed(messages, this.#options.isUrgent);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    const { keptCount, lastSeq } = fed;
    if (keptCount === 0) return new ChatError("storage_unavailable");
    if (!this.#isStopped) this.#kept(keptCount, { roomId: room.id, lastSeq });
    return null;
  }

  #next(): LiveMessage[] {
    const messages: LiveMessage[] = [];
    let chars = 0;
    for (let index = 0; index < FEED_MESSAGES_MAX; index++) {
      const message = this.#items.at(index)?.message;
      if (message === undefined) break;
      chars += message.text.length;
      if (chars > FEED_CHARS_MAX && index > 0) break;
      messages.push(message);
    }
    return messages;
  }

  #kept(count: number, where: { roomId: string; lastSeq: number }): void {
    const items: Item[] = [];
    for (let taken = 0; taken < count; taken++) {
      const item = this.#items.shift();
      if (item === undefined) break;
      this.#chars -= item.message.text.length;
      items.push(item);
    }
    this.#options.onKept({ items, ...where });
  }
}
