/**
 * A live room whose answers a test decides.
 *
 * @module
 */

import type { LiveRoom } from "../../src/live/live_room.ts";
import type { LiveMessage } from "../../src/wire/live.ts";

/** How many of a feed are kept at most, or why none is. */
export type Verdict = number | Error;

/** One feed, as it came. */
export interface SeenFeed {
  readonly isUrgent: boolean;
  readonly messages: readonly LiveMessage[];
}

/** Keeps everything unless it is told otherwise. */
export class ScriptedRoom implements LiveRoom {
  readonly watcherCount = 0;
  readonly feeds: SeenFeed[] = [];
  /** What was kept, in order. */
  readonly log: LiveMessage[] = [];
  readonly #script: Verdict[];
  readonly #held: (() => void)[] = [];
  /** While it holds, feeds wait for `release`. */
  isHolding = false;

  constructor(readonly id = "room-1", script: readonly Verdict[] = []) {
    this.#script = [...script];
  }

  /** Adds answers for feeds to come. */
  answer(...script: Verdict[]): void {
    this.#script.push(...script);
  }

  async feed(
    messages: readonly LiveMessage[],
    isUrgent: boolean,
  ): Promise<{ keptCount: number; lastSeq: number }> {
    this.feeds.push({ messages, isUrgent });
    if (this.isHolding) {
      await new Promise<void>((resolve) => this.#held.push(resolve));
    }
    const verdict = this.#script.shift() ?? messages.length;
    if (verdict instanceof Error) throw verdict;
    const keptCount = Math.min(verdict, messages.length);
    this.log.push(...messages.slice(0, keptCount));
    return { keptCount, lastSeq: this.log.length };
  }

  announce(): void {}

  /** Lets the feeds that wait, and those to come, go on. */
  release(): void {
    this.isHolding = false;
    for (const resolve of this.#held.splice(0)) resolve();
  }

  /** The ids of what was kept, in order. */
  get ids(): (string | undefined)[] {
    return this.log.map(({ upstreamId }) => upstreamId);
  }
}
