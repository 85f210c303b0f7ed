/**
 * Brings links to the database: what matters at once, the rest every few
 * seconds.
 *
 * What was last said of a link is what the database is to have in the end: a
 * row that cannot be removed now would bring back a link that nobody wants.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { LinkRecord } from "./link_record.ts";
import type { LiveStore } from "./live_store.ts";
import { storeCall } from "./store_call.ts";

/** Rows that are still to be removed; past that no link is to be added. */
export const UNFORGOTTEN_MAX = 1000;

export interface LinkSaverOptions {
  readonly store: Pick<LiveStore, "saveLinks" | "forgetLinks">;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly log: Log;
}

/** The links whose rows are behind, or are there still. */
export class LinkSaver {
  readonly #options: LinkSaverOptions;
  readonly #behind = new Map<string, LinkRecord>();
  /** Rows that are to be removed, each with the last call that is to do so. */
  readonly #unforgotten = new Map<string, readonly string[]>();
  #isFlushing = false;

  constructor(options: LinkSaverOptions) {
    this.#options = options;
  }

  /** Whether so many rows are to be removed that there should be no more. */
  get isFull(): boolean {
    return this.#unforgotten.size >= UNFORGOTTEN_MAX;
  }

  /** It is written with the next flush, and not removed. */
  mark(record: LinkRecord): void {
    this.#unforgotten.delete(record.liveId);
    this.#behind.set(record.liveId, record);
  }

  /** It is not ours to write or to remove any more. */
  discard(liveId: string): void {
    this.#behind.delete(liveId);
    this.#unforgotten.delete(liveId);
  }

  /**
   * Writes links at once, as they are when this is called.
   *
   * @throws {Error} they are written with the next flush, unless discarded;
   * not those of which something else was said meanwhile.
   */
  async save(records: readonly LinkRecord[]): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const rows = records.map((record) => record.toRow(now));
    for (const { liveId } of records) this.discard(liveId);
    try {
      await storeCall(clock, () => store.saveLinks(rows));
    } catch (error) {
      for (const record of records) this.#markAgain(record);
      throw error;
    }
    for (const record of records) record.savedAt = now;
  }

  /**
   * Writes links and all that is behind, also while a flush is under way, and
   * removes what is to be removed.
   *
   * @throws {Error} as {@linkcode save} does.
   */
  async saveAll(records: readonly LinkRecord[]): Promise<void> {
    for (const record of records) this.mark(record);
    const forgotten = this.#forgetAgain();
    await this.save([...this.#behind.values()]);
    await forgotten;
  }

  /**
   * Writes what is behind, and removes what is to be removed. Never rejects:
   * what fails is tried again.
   */
  async flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    await Promise.all([this.#saveBehind(), this.#forgetAgain()]);
    this.#isFlushing = false;
  }

  /**
   * Removes rows. Never rejects: what fails is tried again with each flush,
   * until something else is said of the link.
   */
  async forget(liveIds: readonly string[]): Promise<void> {
    if (liveIds.length === 0) return;
    const { store, clock } = this.#options;
    const call = [...liveIds];
    for (const liveId of call) {
      this.discard(liveId);
      this.#unforgotten.set(liveId, call);
    }
    try {
      await storeCall(clock, () => store.forgetLinks(call));
    } catch (error) {
      return this.#warn("Failed to forget live links", error);
    }
    for (const liveId of call) {
      const isLast = this.#unforgotten.get(liveId) === call;
      if (isLast) this.#unforgotten.delete(liveId);
    }
  }

  async #saveBehind(): Promise<void> {
    if (this.#behind.size === 0) return;
    try {
      await this.save([...this.#behind.values()]);
    } catch (error) {
      this.#warn("Failed to save live links", error);
    }
  }

  async #forgetAgain(): Promise<void> {
    await this.forget([...this.#unforgotten.keys()]);
  }

  #markAgain(record: LinkRecord): void {
    const { liveId } = record;
    const isSaid = this.#behind.has(liveId) || this.#unforgotten.has(liveId);
    if (!isSaid) this.mark(record);
  }

  #warn(line: string, error: unknown): void {
    const fields = { event: "live_links_save_failed", error: String(error) };
    this.#options.log.warn(line, fields);
  }
}
