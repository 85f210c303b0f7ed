/**
 * The way of a link's messages into its room.
 *
 * Each message is in the log once, whatever comes twice, and whatever the room
 * refuses meanwhile. Gifts and control have a queue of their own and go ahead;
 * order holds within a queue. A room that takes less than comes has the source
 * held back, and nothing is thrown away.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Metrics } from "../base/metrics.ts";
import type { LiveMessage, LiveType } from "../wire/live.ts";
import { FeedQueue, type Kept } from "./feed_queue.ts";
import type { LiveRoom } from "./live_room.ts";
import { liveMessageOf } from "./live_text.ts";
import { RecentIds } from "./recent_ids.ts";
import type { SourceMessage } from "./source.ts";
import { type Take, Takes } from "./takes.ts";

/** Upstream ids that are known, the newest. */
export const RECENT_IDS_MAX = 4096;

/** Past one of these the source is held back, until half of it is left. */
export const WAITING_MESSAGES_MAX = 4096;
/** The same, of characters of their texts. */
export const WAITING_CHARS_MAX = 4 * 1024 * 1024;

/** What an intake needs. No function may throw, save `room`. */
export interface IntakeOptions {
  readonly liveId: string;
  readonly clock: Clock;
  readonly metrics: Pick<
    Metrics,
    "liveMessages" | "liveDuplicates" | "liveFeedFaults" | "liveHolds"
  >;
  /** Finds or creates the room, each time that it is fed; may throw. */
  readonly room: () => LiveRoom;
  /** Told when the source is to be held back, and when it may go on. */
  readonly onPressure: (isFull: boolean) => void;
  /**
   * Told of what is in the log now, before `keep` of it.
   *
   * @param lastSeq the last one's number in that room's log.
   */
  readonly onKept: (
    messages: readonly SourceMessage[],
    lastSeq: number,
    roomId: string,
  ) => void;
}

interface Taken {
  readonly message: LiveMessage;
  readonly source: SourceMessage;
  readonly take: Take;
}

/** The intake of one link; it outlives the link's connections. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #urgent: FeedQueue<Taken>;
  readonly #ordinary: FeedQueue<Taken>;
  readonly #recent = new RecentIds(RECENT_IDS_MAX);
  readonly #takes = new Takes();
  #isFull = false;
  #isStopped = false;
  #idlers: (() => void)[] = [];

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#urgent = this.#newQueue(true);
    this.#ordinary = this.#newQueue(false);
  }

  /** Whether the source is to be held back. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Messages that are not in the log yet. */
  get waiting(): number {
    return this.#urgent.size + this.#ordinary.size;
  }

  /** Why the room took nothing the last time; `null` when it did. */
  get refusal(): Error | null {
    return this.#urgent.refusal ?? this.#ordinary.refusal;
  }

  /** Notes ids of messages that are in the log, oldest first. */
  remember(upstreamIds: readonly string[]): void {
    for (const id of upstreamIds) this.#recent.add(id);
  }

  /**
   * Takes messages in order, however many.
   *
   * @param keep called once all of them are in the log, came before, or were
   * passed over, and all that was taken earlier is: within this call when
   * nothing is left to wait for. Not called after `stop`.
   * @returns those that had not come before.
   */
  take(
    messages: readonly SourceMessage[],
    keep?: () => void,
  ): readonly SourceMessage[] {
    if (this.#isStopped) return [];
    const take = { left: 0, keep };
    const fresh = messages.filter(({ id }) =>
      id === undefined || this.#recent.add(id)
    );
    for (const message of fresh) this.#offer(message, take);
    const duplicates = messages.length - fresh.length;
    if (duplicates > 0) this.#options.metrics.liveDuplicates.inc(duplicates);
    this.#takes.add(take);
    this.#takes.settle();
    this.#urgent.feed();
    this.#ordinary.feed();
    this.#weigh();
    return fresh;
  }

  /** Resolves when nothing waits: all is in the log, or given up by `stop`. */
  idle(): Promise<void> {
    if (this.waiting === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  /** Gives up what waits. Nothing is told after it, and nothing taken. */
  stop(): void {
    this.#isStopped = true;
    this.#urgent.stop();
    this.#ordinary.stop();
    this.#takes.clear();
    this.#tellIdlers();
  }

  #newQueue(isUrgent: boolean): FeedQueue<Taken> {
    const { clock, room } = this.#options;
    return new FeedQueue({
      isUrgent,
      clock,
      room,
      onKept: (kept) => this.#onKept(kept),
    });
  }

  #offer(source: SourceMessage, take: Take): void {
    const { liveId, clock, metrics } = this.#options;
    const message = liveMessageOf(source, { liveId, now: clock.now() });
    if (typeof message === "string") {
      return metrics.liveFeedFaults.inc({ fault: message });
    }
    const isUrgent = message.type === "gift" || message.type === "control";
    const queue = isUrgent ? this.#urgent : this.#ordinary;
    take.left += 1;
    queue.offer({ message, source, take });
  }

  #onKept({ items, lastSeq, roomId }: Kept<Taken>): void {
    this.#count(items);
    const sources = items.map(({ source }) => source);
    this.#options.onKept(sources, lastSeq, roomId);
    for (const { take } of items) take.left -= 1;
    this.#takes.settle();
    this.#weigh();
    if (this.waiting === 0) this.#tellIdlers();
  }

  /** One look at a counter costs as much as several messages. */
  #count(items: readonly Taken[]): void {
    const counts = new Map<LiveType, number>();
    for (const { message: { type } } of items) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    const { liveMessages } = this.#options.metrics;
    for (const [type, count] of counts) liveMessages.inc({ type }, count);
  }

  #weigh(): void {
    if (this.#isStopped) return;
    // Takes wait too, even those of which nothing is left.
    const messages = Math.max(this.waiting, this.#takes.size);
    const chars = this.#urgent.chars + this.#ordinary.chars;
    const share = Math.max(
      messages / WAITING_MESSAGES_MAX,
      chars / WAITING_CHARS_MAX,
    );
    const isFull = share > (this.#isFull ? 0.5 : 1);
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    if (isFull) this.#options.metrics.liveHolds.inc();
    this.#options.onPressure(isFull);
  }

  #tellIdlers(): void {
    const idlers = this.#idlers;
    this.#idlers = [];
    for (const resolve of idlers) resolve();
  }
}
