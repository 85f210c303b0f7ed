/**
 * Links that come from the database: at the start, and from a process that let
 * go of them.
 *
 * What the database says of a link counts, not what was read before: whoever
 * had it meanwhile has counted on, or has stopped it.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { LeaseKeeper } from "./lease_keeper.ts";
import type { Link } from "./link.ts";
import { catchUp, type CatchUpOptions, countOn } from "./link_catch_up.ts";
import { LinkRecord } from "./link_record.ts";
import type { LinkTable } from "./link_table.ts";
import type { LiveStore } from "./live_store.ts";
import type { StoredLiveLink } from "../wire/live_link.ts";
import type { LiveSource } from "./source.ts";
import { storeCall } from "./store_call.ts";

/** Links that begin together begin within this time, in ms. */
const SPREAD_MS = 1000;

export interface LinkTakeoverOptions extends CatchUpOptions {
  readonly store: Pick<
    LiveStore,
    "links" | "countLive" | "upstreamIds" | "giftTexts"
  >;
  readonly keeper: Pick<
    LeaseKeeper,
    "holds" | "isFailing" | "want" | "renew" | "drop"
  >;
  readonly table: LinkTable;
  readonly clock: Clock;
  readonly ids: Pick<Ids, "fraction">;
  readonly isFollowing: boolean;
  readonly newLink: (record: LinkRecord) => Link;
  readonly sourceOf: (name: string) => LiveSource;
  /** A link is in the table that was not. */
  readonly onKnown: (link: Link) => void;
}

/** Brings links from the database into a table. */
export class LinkTakeover {
  readonly #options: LinkTakeoverOptions;
  /** Links that are about to begin. */
  readonly #beginning = new Set<string>();
  #isLoaded = false;
  #isStopped = false;
  #loading: Promise<void> | undefined;

  constructor(options: LinkTakeoverOptions) {
    this.#options = options;
  }

  /**
   * Reads all links, once. Never rejects: it is to be called until it works.
   *
   * @returns whether all are known.
   */
  async load(): Promise<boolean> {
    if (this.#isLoaded) return true;
    this.#loading ??= this.#load().finally(() => this.#loading = undefined);
    await this.#loading;
    return this.#isLoaded;
  }

  /**
   * Begins with links whose leases are ours now; what cannot be read waits for
   * {@linkcode resume}. Never rejects.
   */
  async begin(liveIds: readonly string[]): Promise<void> {
    const asked = liveIds.filter((liveId) => !this.#beginning.has(liveId));
    if (asked.length === 0) return;
    for (const liveId of asked) this.#beginning.add(liveId);
    try {
      await this.#begin(asked);
    } finally {
      for (const liveId of asked) this.#beginning.delete(liveId);
    }
  }

  /** Begins with links that are ours and could not be read. Never rejects. */
  async resume(): Promise<void> {
    const liveIds = [...this.#options.table.all()]
      .filter((link) => link.isLeaseless && this.#mayBegin(link))
      .map(({ record }) => record.liveId);
    await this.begin(liveIds);
  }

  /** No link begins from now on. */
  stop(): void {
    this.#isStopped = true;
  }

  async #begin(liveIds: readonly string[]): Promise<void> {
    const rows = await this.#rows();
    const byId = rows && new Map(rows.map((row) => [row.liveId, row]));
    const spreadMs = liveIds.length > 1 ? SPREAD_MS : 0;
    await Promise.all(liveIds.map(async (liveId) => {
      const waitMs = Math.round(spreadMs * this.#options.ids.fraction());
      const link = this.#options.table.get(liveId);
      if (link === undefined || !this.#mayBegin(link)) return;
      if (byId === undefined) this.#postpone(link);
      else await this.#take(link, byId.get(liveId), waitMs);
    }));
  }

  async #load(): Promise<void> {
    const { table, keeper, clock, onKnown } = this.#options;
    const rows = await this.#rows();
    if (rows === undefined || this.#isStopped) return;
    this.#isLoaded = true;
    rows.sort((a, b) => a.changedAt - b.changedAt);
    const wanted: Link[] = [];
    const others: Link[] = [];
    for (const row of rows) {
      if (table.get(row.liveId) !== undefined) continue;
      const link = this.#known(row);
      table.put(link, clock.monotonic());
      onKnown(link);
      if (!link.record.isWanted) {
        others.push(link);
        continue;
      }
      wanted.push(link);
      keeper.want(row.liveId);
    }
    await keeper.renew();
    const fault = keeper.isFailing ? "storage_unavailable" : "lease_held";
    for (const link of wanted) {
      const isOurs = keeper.holds(link.record.liveId);
      if (!isOurs && isUntouched(link) && !this.#isStopped) {
        link.awaitLease(fault);
      }
    }
    for (const link of others) {
      // One that was started meanwhile counts for itself.
      if (link.record.isWanted) continue;
      if (!await countOn(link, this.#options)) break;
    }
  }

  #known(row: StoredLiveLink): Link {
    const record = LinkRecord.from(row, this.#options.clock.now());
    this.#unfollow(record);
    return this.#options.newLink(record);
  }

  /** An ended room is wanted only as long as ended rooms are followed. */
  #unfollow(record: LinkRecord): void {
    if (record.isEnded && !this.#options.isFollowing) record.isWanted = false;
  }

  async #take(
    link: Link,
    row: StoredLiveLink | undefined,
    waitMs: number,
  ): Promise<void> {
    const { table, keeper, clock, sourceOf } = this.#options;
    const { record } = link;
    if (row !== undefined && record.isOlderThan(row)) {
      record.adopt(row, clock.now());
      this.#unfollow(record);
      link.use(sourceOf(row.source));
      link.reread();
    }
    if (!record.isWanted) {
      if (record.isEnded) link.end();
      else {
        void link.stop();
        table.put(link, clock.monotonic());
        await keeper.drop([record.liveId]);
      }
      return;
    }
    const isRead = await catchUp(link, this.#options);
    if (!this.#mayBegin(link)) return;
    if (!isRead) return this.#postpone(link);
    link.feed.prepareRoom();
    link.beginIn(waitMs);
  }

  /** What is missing of a link cannot be read: it waits until it can. */
  #postpone(link: Link): void {
    const fault = "storage_unavailable";
    if (link.status().fault !== fault) link.awaitLease(fault);
  }

  /** Whether nothing else became of a link while something was read. */
  #mayBegin(link: Link): boolean {
    return !this.#isStopped && link.record.isWanted && isUntouched(link) &&
      this.#options.keeper.holds(link.record.liveId);
  }

  async #rows(): Promise<StoredLiveLink[] | undefined> {
    const { store, clock, log } = this.#options;
    try {
      return await storeCall(clock, () => store.links());
    } catch (error) {
      log.warn("Failed to read live links", {
        event: "live_links_unread",
        error: String(error),
      });
      return undefined;
    }
  }
}

/** Whether a link waits for its lease, or has never begun. */
function isUntouched(link: Link): boolean {
  const { state, retryAt } = link.status();
  return retryAt === null && (state === "waiting" || state === "ended");
}
