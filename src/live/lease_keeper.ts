/**
 * Leases on links, so that of several processes with one database only one has
 * a link.
 *
 * A lease runs out by itself when its owner dies. It is ours until the instant
 * that was last agreed on, counted from before the database was asked, and not
 * a moment longer: after that another process may have it.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { LiveStore } from "./live_store.ts";
import { storeCall } from "./store_call.ts";

/** How long a lease holds unless it is renewed, in ms. */
const LEASE_MS = 15_000;

export interface LeaseKeeperOptions {
  /** A name of this process, unlike any other's. */
  readonly owner: string;
  readonly store: Pick<LiveStore, "holdLeases" | "dropLeases">;
  readonly clock: Clock;
  readonly log: Log;
  /** Leases that were wanted are ours by a renewal. */
  readonly onHeld: (liveIds: readonly string[]) => void;
  /** A lease that was ours is another's, or could not be renewed in time. */
  readonly onLost: (liveId: string, isAnothers: boolean) => void;
}

/** Whose links are ours. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  /** Until when each is ours, on the monotonic clock; 0 while it is not. */
  readonly #untils = new Map<string, number>();
  #timer: Disposable | undefined;
  #renewal: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  /** Whether the database failed when leases were last renewed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  holds(liveId: string): boolean {
    const until = this.#untils.get(liveId) ?? 0;
    return until > this.#options.clock.monotonic();
  }

  /** Asks for it with each renewal from now on. */
  want(liveId: string): void {
    if (!this.#untils.has(liveId)) this.#untils.set(liveId, 0);
  }

  /**
   * Asks for it now, and with each renewal from now on.
   *
   * @returns whether it is ours; `onHeld` and `onLost` do not hear of it.
   * @throws {Error} when the database fails.
   */
  async take(liveId: string): Promise<boolean> {
    const { untilMs, held } = await this.#claim([liveId]);
    const isOurs = held.has(liveId);
    const known = this.#untils.get(liveId) ?? 0;
    this.#untils.set(liveId, isOurs ? Math.max(untilMs, known) : 0);
    this.#arm();
    return isOurs;
  }

  /** Gives leases up. Never rejects: what fails runs out by itself. */
  async drop(liveIds: readonly string[]): Promise<void> {
    const { owner, store, clock } = this.#options;
    const known = liveIds.filter((liveId) => this.#untils.delete(liveId));
    this.#arm();
    if (known.length === 0) return;
    try {
      await storeCall(clock, () => store.dropLeases(owner, known));
    } catch (error) {
      this.#warn("Failed to give up leases of live links", error);
    }
  }

  /** Gives all leases up. */
  async stop(): Promise<void> {
    await this.drop([...this.#untils.keys()]);
  }

  /** Renews all that is wanted, in one call. Never rejects. */
  renew(): Promise<void> {
    this.#renewal ??= this.#renewAll().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewAll(): Promise<void> {
    const liveIds = [...this.#untils.keys()];
    if (liveIds.length === 0) return;
    try {
      const { untilMs, held } = await this.#claim(liveIds);
      this.#isFailing = false;
      this.#settle(liveIds, { untilMs, held });
    } catch (error) {
      if (!this.#isFailing) {
        this.#warn("Failed to renew leases of live links", error);
      }
      this.#isFailing = true;
    }
  }

  async #claim(liveIds: readonly string[]): Promise<Claimed> {
    const { owner, store, clock } = this.#options;
    const now = clock.now();
    const untilMs = clock.monotonic() + LEASE_MS;
    const claim = { owner, liveIds, now, untilAt: now + LEASE_MS };
    const held = await storeCall(clock, () => store.holdLeases(claim));
    return { untilMs, held: new Set(held) };
  }

  #settle(asked: readonly string[], { untilMs, held }: Claimed): void {
    const { onHeld, onLost } = this.#options;
    const gained: string[] = [];
    for (const liveId of asked) {
      const before = this.#untils.get(liveId);
      // It was given up meanwhile.
      if (before === undefined) continue;
      if (held.has(liveId)) {
        this.#untils.set(liveId, Math.max(before, untilMs));
        if (before === 0) gained.push(liveId);
      } else if (before > 0) {
        this.#untils.set(liveId, 0);
        onLost(liveId, true);
      }
    }
    this.#arm();
    if (gained.length > 0) onHeld(gained);
  }

  /** Waits for the first lease to run out. */
  #arm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    let first = Infinity;
    for (const until of this.#untils.values()) {
      if (until > 0 && until < first) first = until;
    }
    if (first === Infinity) return;
    const { clock } = this.#options;
    const waitMs = first - clock.monotonic();
    this.#timer = clock.after(waitMs, () => this.#expire());
  }

  #expire(): void {
    const now = this.#options.clock.monotonic();
    for (const [liveId, until] of this.#untils) {
      if (until === 0 || until > now) continue;
      this.#untils.set(liveId, 0);
      this.#options.onLost(liveId, false);
    }
    this.#arm();
  }

  #warn(line: string, error: unknown): void {
    const fields = { event: "live_leases_failed", error: String(error) };
    this.#options.log.warn(line, fields);
  }
}

interface Claimed {
  /** On the monotonic clock. */
  readonly untilMs: number;
  readonly held: ReadonlySet<string>;
}
