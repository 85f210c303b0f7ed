/**
 * What a link remembers, in this process and over its restarts.
 *
 * It is stored as JSON of at most 8 KiB, which is read by nobody else. What
 * cannot be read, because another version wrote it, is forgotten: a link that
 * is wanted comes back in any case.
 *
 * @module
 */

import { z } from "zod";
import type { LinkState, LiveStats } from "../wire/live.ts";
import { LagSamples } from "./lag_samples.ts";
import { LiveHours, SAVED_HOURS } from "./live_hours.ts";
import type { LiveTypeCount } from "../wire/live_link.ts";
import { LiveTally, SAVED_TALLY } from "./live_tally.ts";
import { MinuteCounts, SAVED_MINUTES } from "./minute_counts.ts";
import { type Quality, qualityOf } from "./quality.ts";
import type { SourceMessage } from "./source.ts";

const instant = z.number().nonnegative();

const SAVED = z.object({
  lastMessageAt: instant,
  reconnectCount: z.int().nonnegative(),
  failingSinceAt: instant.nullable(),
  failingMs: instant,
  tally: SAVED_TALLY,
  minutes: SAVED_MINUTES,
  hours: SAVED_HOURS,
});

interface Parts {
  readonly lastMessageAt: number;
  readonly tally: LiveTally;
  readonly minutes: MinuteCounts;
  readonly hours: LiveHours;
}

/** Statistics and history of one link. Every `now` is in epoch ms. */
export class LinkMemory {
  /** Attempts since it last delivered a message; whoever has it sets it. */
  reconnectCount = 0;
  /** Since when it delivers nothing; `null` while it does. Set likewise. */
  failingSinceAt: number | null = null;
  /** For how long it was tried since, in ms. Set likewise. */
  failingMs = 0;
  #lastMessageAt: number;
  readonly #tally: LiveTally;
  readonly #minutes: MinuteCounts;
  readonly #hours: LiveHours;
  readonly #lags = new LagSamples();

  constructor({ lastMessageAt, tally, minutes, hours }: Parts) {
    this.#lastMessageAt = lastMessageAt;
    this.#tally = tally;
    this.#minutes = minutes;
    this.#hours = hours;
  }

  /** Of a link that was just asked for. */
  static fresh(now: number): LinkMemory {
    return new LinkMemory({
      lastMessageAt: now,
      tally: new LiveTally(),
      minutes: MinuteCounts.fresh(now),
      hours: LiveHours.fresh(now),
    });
  }

  /**
   * Of a link that was stored; fresh where the text cannot be read. A link
   * that was neither over nor stopped then was wanted since, and not live. One
   * that was halted with its process is as good as stopped here.
   */
  static read(json: string, now: number): LinkMemory {
    const saved = parsed(json);
    if (saved === undefined) return LinkMemory.fresh(now);
    const memory = new LinkMemory({
      lastMessageAt: Math.min(saved.lastMessageAt, now),
      tally: new LiveTally(saved.tally),
      minutes: new MinuteCounts(saved.minutes),
      hours: new LiveHours(saved.hours),
    });
    const { failingSinceAt, failingMs, reconnectCount } = saved;
    memory.reconnectCount = reconnectCount;
    memory.failingSinceAt = failingSinceAt && Math.min(failingSinceAt, now);
    memory.failingMs = failingMs;
    return memory;
  }

  /** When the last message was kept; at first when the link was asked for. */
  get lastMessageAt(): number {
    return this.#lastMessageAt;
  }

  /** Notes messages that are in the log now. */
  noteKept(messages: readonly SourceMessage[], now: number): void {
    if (messages.length === 0) return;
    this.#lastMessageAt = now;
    this.#hours.noteMessage(now);
    this.#minutes.add(messages.length, now);
    for (const message of messages) {
      this.#tally.note(message);
      if (message.sentAt !== undefined) this.#lags.note(message.sentAt, now);
    }
  }

  /** Notes where the link stands from now on. */
  noteState(state: LinkState, now: number): void {
    this.#hours.noteState(state, now);
  }

  /** Notes an attempt after one that failed, for the quality. */
  noteReconnect(now: number): void {
    this.#hours.noteReconnect(now);
  }

  /** Adds what was kept and not noted, because the process died. */
  addCounts(counts: readonly LiveTypeCount[]): void {
    this.#tally.addCounts(counts);
  }

  stats(): LiveStats {
    return this.#tally.stats();
  }

  quality(now: number): Quality {
    const lagMs = this.#lags.median(now);
    return qualityOf({ ...this.#hours.measures(now), lagMs });
  }

  /** Messages in each of the last 60 minutes, the current one last. */
  perMinute(now: number): readonly number[] {
    return this.#minutes.list(now);
  }

  /** Time is in it as far as the last call that was given a `now`. */
  toJson(): string {
    const saved: z.infer<typeof SAVED> = {
      lastMessageAt: this.#lastMessageAt,
      reconnectCount: this.reconnectCount,
      failingSinceAt: this.failingSinceAt,
      failingMs: this.failingMs,
      tally: this.#tally.stats(),
      minutes: this.#minutes.saved(),
      hours: this.#hours.saved(),
    };
    return JSON.stringify(saved);
  }
}

function parsed(json: string): z.infer<typeof SAVED> | undefined {
  try {
    return SAVED.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
