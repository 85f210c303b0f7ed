/**
 * A database of links with leases as they really are, which a test can break.
 *
 * @module
 */

import type { LiveStore } from "../../src/live/live_store.ts";
import type {
  LiveLeaseClaim,
  LiveTypeCount,
  StoredLiveLink,
} from "../../src/wire/live_link.ts";

interface Lease {
  readonly owner: string;
  readonly untilAt: number;
}

/** One database; several supervisors may share it. */
export class FakeLiveStore implements LiveStore {
  readonly rows = new Map<string, StoredLiveLink>();
  readonly leases = new Map<string, Lease>();
  /** What rooms' logs have beyond what is asked for, by room. */
  readonly counted = new Map<
    string,
    { counts: LiveTypeCount[]; lastSeq: number }
  >();
  readonly ids = new Map<string, string[]>();
  readonly gifts = new Map<string, string[]>();
  /** Calls by name that reject. */
  readonly broken = new Set<keyof LiveStore>();
  /** Calls by name that never answer. */
  readonly hung = new Set<keyof LiveStore>();
  /** All calls, such as `saveLinks 1,2`. */
  readonly calls: string[] = [];

  async links(): Promise<StoredLiveLink[]> {
    await this.#called("links");
    return [...this.rows.values()];
  }

  async saveLinks(links: readonly StoredLiveLink[]): Promise<void> {
    await this.#called("saveLinks", links.map(({ liveId }) => liveId));
    for (const link of links) this.rows.set(link.liveId, link);
  }

  async forgetLinks(liveIds: readonly string[]): Promise<void> {
    await this.#called("forgetLinks", liveIds);
    for (const liveId of liveIds) this.rows.delete(liveId);
  }

  async countLive(roomId: string, afterSeq: number): Promise<
    { counts: LiveTypeCount[]; lastSeq: number }
  > {
    await this.#called("countLive", [roomId]);
    return this.counted.get(roomId) ?? { counts: [], lastSeq: afterSeq };
  }

  async upstreamIds(roomId: string, limit: number): Promise<string[]> {
    await this.#called("upstreamIds", [roomId]);
    return (this.ids.get(roomId) ?? []).slice(-limit);
  }

  async giftTexts(roomId: string, limit: number): Promise<string[]> {
    await this.#called("giftTexts", [roomId]);
    return (this.gifts.get(roomId) ?? []).slice(-limit);
  }

  async holdLeases(claim: LiveLeaseClaim): Promise<string[]> {
    await this.#called("holdLeases", claim.liveIds);
    const { owner, now, untilAt } = claim;
    return claim.liveIds.filter((liveId) => {
      const lease = this.leases.get(liveId);
      const isFree = lease === undefined || lease.owner === owner ||
        lease.untilAt <= now;
      if (isFree) this.leases.set(liveId, { owner, untilAt });
      return isFree;
    });
  }

  async dropLeases(owner: string, liveIds: readonly string[]): Promise<void> {
    await this.#called("dropLeases", liveIds);
    for (const liveId of liveIds) {
      if (this.leases.get(liveId)?.owner === owner) this.leases.delete(liveId);
    }
  }

  #called(name: keyof LiveStore, ids: readonly string[] = []): Promise<void> {
    this.calls.push([name, ids.join(",")].join(" ").trim());
    if (this.hung.has(name)) return new Promise(() => {});
    if (this.broken.has(name)) return Promise.reject(new Error("disk full"));
    return Promise.resolve();
  }
}
