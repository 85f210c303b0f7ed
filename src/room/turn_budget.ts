/**
 * How long a turn may be, the writes that it causes included.
 *
 * Handling a message takes microseconds; saying it to 1000 sessions takes
 * milliseconds. So a turn stops taking messages when what it will cost to say
 * them is due, by what a frame cost lately. A joined frame is due anyway, and
 * another message in it costs next to nothing: there only its length counts.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { PAGE_WEIGHT_MAX } from "./entry_weight.ts";
import type { WriteCost } from "./write_cost.ts";

/** Most that one turn says to all, in UTF-16 units; one message may exceed it. */
const TURN_LENGTH_MAX = 65_536;

/** Most that one turn puts into joined frames, in UTF-16 units of all. */
const JOINED_LENGTH_MAX = 16 * 1024 * 1024;

/**
 * Most that one turn says to one session alone, in UTF-16 units; what a session
 * that comes back is sent at once must fit. Between turns it is looked at
 * whether the session keeps up.
 */
const ASIDE_LENGTH_MAX = 2 * PAGE_WEIGHT_MAX;

/** What a turn has said so far. */
export interface ToSay {
  /** Frames of one message each. */
  readonly frameCount: number;
  /** What each session is told, in UTF-16 units. */
  readonly length: number;
  /** What stands in all joined frames together, in UTF-16 units. */
  readonly joinedLength: number;
  /** What the session is told that is told most by itself, in UTF-16 units. */
  readonly asideLengthMax: number;
}

/** Judges the length of one room's turns. */
export class TurnBudget {
  readonly #clock: Clock;
  readonly #cost: WriteCost;
  readonly #sliceMs: number;
  #startedAt = 0;

  constructor(
    clock: Clock,
    options: { readonly cost: WriteCost; readonly sliceMs: number },
  ) {
    this.#clock = clock;
    this.#cost = options.cost;
    this.#sliceMs = options.sliceMs;
  }

  start(): void {
    this.#startedAt = this.#clock.monotonic();
  }

  /** Whether the time since the last start and so many frames fill a slice. */
  isTimeUp(frameCount: number): boolean {
    const passedMs = this.#clock.monotonic() - this.#startedAt;
    return passedMs + this.#cost.of(frameCount) >= this.#sliceMs;
  }

  /** Whether what is to be said, and the time so far, fill a turn. */
  isSpent(toSay: ToSay): boolean {
    const { frameCount, length, joinedLength, asideLengthMax } = toSay;
    const isLong = length >= TURN_LENGTH_MAX ||
      joinedLength >= JOINED_LENGTH_MAX || asideLengthMax >= ASIDE_LENGTH_MAX;
    return isLong || this.isTimeUp(frameCount);
  }

  /** How many messages fill a slice that take so many frames each; at least 1. */
  messagesMax(frameCount: number): number {
    const messageMs = this.#cost.of(frameCount);
    if (messageMs <= 0) return Infinity;
    return Math.max(1, Math.floor(this.#sliceMs / messageMs));
  }

  /** So many frames were handed out. */
  note(frameCount: number): void {
    this.#cost.note(frameCount);
  }
}
