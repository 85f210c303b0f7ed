/**
 * How a link fared in the last 24 hours, hour by hour.
 *
 * Time is booked up to an instant whenever something is noted or asked, so no
 * timer runs for it. An hour is 60 booked minutes, whatever the clock calls
 * them: a clock that steps back takes away nothing that was booked.
 *
 * @module
 */

import { z } from "zod";
import type { LinkState } from "../wire/live.ts";
import type { Measures } from "./quality.ts";

const HOURS = 24;
const HOUR_MS = 3_600_000;
/** A link that never was live has no quality before this much wanted time. */
const KNOWN_AFTER_MS = 60_000;

/** Live, wanted and not live, or not wanted. */
const PHASES = ["live", "down", "off"] as const;

type Phase = (typeof PHASES)[number];

const duration = z.number().nonnegative();

/** How it is stored. */
export const SAVED_HOURS = z.object({
  /** Up to when time is booked, in epoch ms. */
  bookedAt: z.number().nonnegative(),
  phase: z.enum(PHASES),
  /** Oldest first, 24 at most; the last one may not be full. */
  hours: z.array(z.object({
    bookedMs: duration.max(HOUR_MS),
    wantedMs: duration,
    liveMs: duration,
    reconnects: duration,
    longestSilenceMs: duration,
  })).max(HOURS),
});

type Hour = z.infer<typeof SAVED_HOURS>["hours"][number];

/** Time wanted, time live, reconnects, silences. Instants are epoch ms. */
export class LiveHours {
  /** Oldest first, without the current one. */
  #past: Hour[];
  #current: Hour;
  #bookedAt: number;
  #phase: Phase;
  /** The last message, or when it went live; `null` while it is not. */
  #quietSinceAt: number | null = null;

  constructor({ bookedAt, phase, hours }: z.infer<typeof SAVED_HOURS>) {
    this.#bookedAt = bookedAt;
    // Whatever it was, no process had it since.
    this.#phase = phase === "live" ? "down" : phase;
    this.#past = hours.map((hour) => ({ ...hour }));
    this.#current = this.#past.pop() ?? emptyHour();
  }

  /** Wanted from now on. */
  static fresh(now: number): LiveHours {
    return new LiveHours({ bookedAt: now, phase: "down", hours: [] });
  }

  noteState(state: LinkState, now: number): void {
    this.#book(now);
    const phase = phaseOf(state);
    if (phase === this.#phase) return;
    this.#bookSilence(now);
    this.#phase = phase;
    this.#quietSinceAt = phase === "live" ? now : null;
  }

  noteMessage(now: number): void {
    this.#book(now);
    this.#bookSilence(now);
    if (this.#phase === "live") this.#quietSinceAt = now;
  }

  noteReconnect(now: number): void {
    this.#book(now);
    this.#current.reconnects += 1;
  }

  /** What is known of the last 24 hours. */
  measures(now: number): Omit<Measures<number | null>, "lagMs"> {
    this.#book(now);
    this.#bookSilence(now);
    const all = sumOf([...this.#past, this.#current]);
    const { wantedMs, liveMs, reconnects, longestSilenceMs } = all;
    const wasLive = liveMs > 0;
    if (!wasLive && wantedMs < KNOWN_AFTER_MS) {
      return {
        liveShare: null,
        reconnectsPerHour: null,
        longestSilenceMs: null,
      };
    }
    // A reconnect in the first minute is not sixty an hour.
    const hours = Math.max(1, wantedMs / HOUR_MS);
    return {
      liveShare: rounded(liveMs / wantedMs, 4),
      reconnectsPerHour: rounded(reconnects / hours, 2),
      longestSilenceMs: wasLive ? Math.round(longestSilenceMs) : null,
    };
  }

  saved(): z.infer<typeof SAVED_HOURS> {
    return {
      bookedAt: this.#bookedAt,
      phase: this.#phase,
      hours: [...this.#past, this.#current],
    };
  }

  #book(now: number): void {
    let leftMs = Math.max(0, now - this.#bookedAt);
    if (leftMs > HOURS * HOUR_MS) {
      leftMs = HOURS * HOUR_MS;
      this.#past = [];
      this.#current = emptyHour();
    }
    while (leftMs > 0) leftMs -= this.#bookSome(leftMs);
    this.#bookedAt = now;
    if (this.#quietSinceAt !== null && this.#quietSinceAt > now) {
      this.#quietSinceAt = now;
    }
  }

  /** Books what fits into the current hour; answers how much that was. */
  #bookSome(leftMs: number): number {
    const hour = this.#current;
    const ms = Math.min(leftMs, HOUR_MS - hour.bookedMs);
    hour.bookedMs += ms;
    if (this.#phase !== "off") hour.wantedMs += ms;
    if (this.#phase === "live") hour.liveMs += ms;
    // A fraction of a ms may be lost in the sum.
    if (hour.bookedMs > HOUR_MS - 1) this.#beginHour();
    return ms;
  }

  #beginHour(): void {
    this.#past.push(this.#current);
    this.#current = emptyHour();
    if (this.#past.length >= HOURS) this.#past.shift();
  }

  #bookSilence(now: number): void {
    if (this.#quietSinceAt === null) return;
    const silenceMs = now - this.#quietSinceAt;
    const { longestSilenceMs } = this.#current;
    this.#current.longestSilenceMs = Math.max(longestSilenceMs, silenceMs);
  }
}

function phaseOf(state: LinkState): Phase {
  if (state === "live" || state === "silent") return "live";
  return state === "ended" || state === "stopped" ? "off" : "down";
}

function emptyHour(): Hour {
  return {
    bookedMs: 0,
    wantedMs: 0,
    liveMs: 0,
    reconnects: 0,
    longestSilenceMs: 0,
  };
}

function sumOf(hours: readonly Hour[]): Hour {
  const sum = emptyHour();
  for (const hour of hours) {
    sum.wantedMs += hour.wantedMs;
    sum.liveMs += hour.liveMs;
    sum.reconnects += hour.reconnects;
    const { longestSilenceMs } = hour;
    sum.longestSilenceMs = Math.max(sum.longestSilenceMs, longestSilenceMs);
  }
  return sum;
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
