/**
 * What those who watch are told of a link, and what is counted of all.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Metrics } from "../base/metrics.ts";
import type { LinkState } from "../wire/live.ts";
import type { Link } from "./link.ts";
import type { LiveRooms } from "./live_room.ts";

/** From one word of the statistics of a room to the next, in ms. */
const STATS_MS = 1000;

export interface LinkNewsOptions {
  readonly rooms: Pick<LiveRooms, "find">;
  readonly clock: Pick<Clock, "after">;
  readonly metrics: Pick<Metrics, "liveLinks">;
}

/** The news of all links. */
export class LinkNews {
  readonly #options: LinkNewsOptions;
  /** The state under which a link is counted. */
  readonly #states = new Map<string, LinkState>();
  readonly #timers = new Map<string, Disposable>();

  constructor(options: LinkNewsOptions) {
    this.#options = options;
  }

  /** The status is another, or the room is. */
  changed(link: Link): void {
    const { liveId } = link.record;
    this.#count(liveId, link.state);
    const room = this.#options.rooms.find(liveId);
    room?.announce({ type: "live_status", status: link.status() });
  }

  /** The statistics are others; they are told within a second. */
  counted(link: Link): void {
    const { liveId } = link.record;
    if (this.#timers.has(liveId)) return;
    const timer = this.#options.clock.after(STATS_MS, () => {
      this.#timers.delete(liveId);
      const room = this.#options.rooms.find(liveId);
      const stats = link.record.memory.stats();
      const watchers = room?.watcherCount ?? 0;
      room?.announce({ type: "live_stats", stats, watchers });
    });
    this.#timers.set(liveId, timer);
  }

  /** The link is not known any more. */
  forget(liveId: string): void {
    this.#count(liveId, undefined);
    this.#timers.get(liveId)?.[Symbol.dispose]();
    this.#timers.delete(liveId);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    this.#timers.clear();
  }

  #count(liveId: string, state: LinkState | undefined): void {
    const { liveLinks } = this.#options.metrics;
    const before = this.#states.get(liveId);
    if (before === state) return;
    if (before !== undefined) liveLinks.dec({ state: before });
    if (state === undefined) return void this.#states.delete(liveId);
    liveLinks.inc({ state });
    this.#states.set(liveId, state);
  }
}
