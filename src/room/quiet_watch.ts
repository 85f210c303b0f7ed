/**
 * How long a room has been there, empty, and silent.
 *
 * Instants come from the wall clock. Once it is set forward they are older than
 * they should be, and once it is set back they lie in the future. So the wall
 * clock says only how old the instants of a recovered room are. What happens
 * from then on is timed by the clock that no one sets.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { RoomState } from "./room_state.ts";

/** How long ago things were in a room that is empty, in ms. */
export interface Quiet {
  readonly ageMs: number;
  readonly emptyMs: number;
  /** Since the last message; `null` if nobody ever spoke. */
  readonly silentMs: number | null;
}

/** The instants of a room, in epoch ms. */
type Instants = Pick<
  RoomState,
  "createdAt" | "emptySinceAt" | "lastMessageAt"
>;

/** Looks at one room. */
export class QuietWatch {
  readonly #state: Instants;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #created: Since;
  readonly #emptied: Since;
  readonly #spoken: Since;

  constructor(state: Instants, clock: Pick<Clock, "now" | "monotonic">) {
    this.#state = state;
    this.#clock = clock;
    this.#created = new Since(state.createdAt, clock);
    this.#emptied = new Since(state.emptySinceAt, clock);
    this.#spoken = new Since(state.lastMessageAt, clock);
  }

  /** Takes what is new for what happened now: to be called after each turn. */
  look(): void {
    const nowMs = this.#clock.monotonic();
    this.#emptied.see(this.#state.emptySinceAt, nowMs);
    this.#spoken.see(this.#state.lastMessageAt, nowMs);
  }

  /** How long ago things were; `null` while somebody is here. */
  quiet(): Quiet | null {
    const nowMs = this.#clock.monotonic();
    const emptyMs = this.#emptied.ageMs(nowMs);
    if (this.#state.emptySinceAt === null || emptyMs === null) return null;
    const ageMs = this.#created.ageMs(nowMs) ?? 0;
    return { ageMs, emptyMs, silentMs: this.#spoken.ageMs(nowMs) };
  }
}

/** One thing that happened, or did not happen yet. */
class Since {
  #at: number | null;
  /** When it was, on the clock that no one sets. */
  #sinceMs: number;

  constructor(at: number | null, clock: Pick<Clock, "now" | "monotonic">) {
    this.#at = at;
    const ageMs = at === null ? 0 : Math.max(0, clock.now() - at);
    this.#sinceMs = clock.monotonic() - ageMs;
  }

  see(at: number | null, nowMs: number): void {
    if (at === this.#at) return;
    this.#at = at;
    this.#sinceMs = nowMs;
  }

  ageMs(nowMs: number): number | null {
    return this.#at === null ? null : nowMs - this.#sinceMs;
  }
}
