/**
 * Brings links to the database: what matters at once, the rest every few
 * seconds.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { LinkRecord } from "./link_record.ts";
import type { LiveStore } from "./live_store.ts";
import { storeCall } from "./store_call.ts";

export interface LinkSaverOptions {
  readonly store: Pick<LiveStore, "saveLinks" | "forgetLinks">;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly log: Log;
}

/** The links whose rows are behind. */
export class LinkSaver {
  readonly #options: LinkSaverOptions;
  readonly #behind = new Map<string, LinkRecord>();
  #isFlushing = false;

  constructor(options: LinkSaverOptions) {
    this.#options = options;
  }

  /** It is written with the next flush. */
  mark(record: LinkRecord): void {
    this.#behind.set(record.liveId, record);
  }

  /** It is not ours to write any more. */
  discard(liveId: string): void {
    this.#behind.delete(liveId);
  }

  /**
   * Writes links at once, as they are when this is called.
   *
   * @throws {Error} they are written with the next flush, unless discarded.
   */
  async save(records: readonly LinkRecord[]): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const rows = records.map((record) => record.toRow(now));
    for (const { liveId } of records) this.#behind.delete(liveId);
    try {
      await storeCall(clock, () => store.saveLinks(rows));
    } catch (error) {
      for (const record of records) this.mark(record);
      throw error;
    }
    for (const record of records) record.savedAt = now;
  }

  /**
   * Writes links and all that is behind, also while a flush is under way.
   *
   * @throws {Error} as {@linkcode save} does.
   */
  async saveAll(records: readonly LinkRecord[]): Promise<void> {
    for (const record of records) this.mark(record);
    await this.save([...this.#behind.values()]);
  }

  /** Writes what is behind. Never rejects: what fails is tried again. */
  async flush(): Promise<void> {
    if (this.#isFlushing || this.#behind.size === 0) return;
    this.#isFlushing = true;
    try {
      await this.save([...this.#behind.values()]);
    } catch (error) {
      this.#warn("Failed to save live links", error);
    } finally {
      this.#isFlushing = false;
    }
  }

  /** Removes rows. Never rejects. */
  async forget(liveIds: readonly string[]): Promise<void> {
    if (liveIds.length === 0) return;
    const { store, clock } = this.#options;
    for (const liveId of liveIds) this.discard(liveId);
    try {
      await storeCall(clock, () => store.forgetLinks(liveIds));
    } catch (error) {
      this.#warn("Failed to forget live links", error);
    }
  }

  #warn(line: string, error: unknown): void {
    const fields = { event: "live_links_save_failed", error: String(error) };
    this.#options.log.warn(line, fields);
  }
}
