/**
 * Keeps live rooms connected to where they come from.
 *
 * One link for each live id, however many ask for it, and whoever watches. A
 * link is somebody's wish and not a viewer's: it stays up without any viewer,
 * and comes back after a restart.
 *
 * Links know nothing of each other, and nothing here waits for one of them, so
 * that what hangs or throws in one is that one's alone.
 *
 * @module
 */

import { inTime } from "../base/deadline.ts";
import type { Ids } from "../base/ids.ts";
import { ChatError } from "../wire/errors.ts";
import type { LinkStatus } from "../wire/live.ts";
import { LeaseKeeper } from "./lease_keeper.ts";
import type { Link } from "./link.ts";
import { type LinkMakingOptions, makeLink } from "./link_making.ts";
import { LinkNews } from "./link_news.ts";
import { LinkRecord } from "./link_record.ts";
import { LinkSaver } from "./link_saver.ts";
import {
  type LinkStartOptions,
  reviveLink,
  type Started,
  startLink,
} from "./link_start.ts";
import { LinkStarts } from "./link_starts.ts";
import { LinkTable } from "./link_table.ts";
import { LinkTakeover } from "./link_takeover.ts";
import { type LinkView, viewOf } from "./link_view.ts";
import type { LiveStore } from "./live_store.ts";
import { STARTED_TEXT } from "./seed_texts.ts";
import type { LiveSource } from "./source.ts";
import { SourceBook } from "./source_book.ts";

/** From one look at all links to the next, in ms. */
export const LOOK_MS = 5000;

/** After nobody wanted a link for this long, it forgets messages' ids, in ms. */
const FORGETFUL_MS = 600_000;

/** What a stop may spend on connections, messages, rows, leases; in ms. */
const STOP_MS = { close: 1200, feed: 2000, save: 1000, leases: 500 } as const;

export interface SupervisorOptions
  extends Omit<LinkMakingOptions, "ids" | "listener"> {
  /** By name. */
  readonly sources: ReadonlyMap<string, LiveSource>;
  readonly defaultSource: string;
  readonly store: LiveStore;
  readonly ids: Ids;
  /** Links that are wanted at a time. */
  readonly linksMax: number;
}

/** All links of one process. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #sources: SourceBook;
  readonly #table = new LinkTable();
  readonly #starts = new LinkStarts();
  readonly #news: LinkNews;
  readonly #saver: LinkSaver;
  readonly #keeper: LeaseKeeper;
  readonly #takeover: LinkTakeover;
  #timer: Disposable | undefined;
  #isStopped = false;
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#sources = new SourceBook(options.sources);
    this.#news = new LinkNews(options);
    this.#saver = new LinkSaver(options);
    this.#keeper = new LeaseKeeper({
      ...options,
      owner: options.ids.uuid(),
      onHeld: (liveIds) => void this.#takeover.begin(liveIds),
      onLost: (liveId, isAnothers) => this.#onLost(liveId, isAnothers),
    });
    this.#takeover = new LinkTakeover({
      ...options,
      keeper: this.#keeper,
      table: this.#table,
      newLink: (record) =>
        this.#newLink(this.#sources.stored(record.source), record),
      sourceOf: (name) => this.#sources.stored(name),
      onKnown: (link) => this.#announce(link),
    });
  }

  /** Brings back the links that were wanted; they connect in the background. */
  async start(): Promise<void> {
    this.#options.log.info(STARTED_TEXT, { event: "live_started" });
    this.#arm();
    await this.#takeover.load();
  }

  /**
   * Ends every connection, within 5 s whatever becomes of it. What was taken
   * is fed until then; what is wanted stays wanted.
   */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  async #stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
    this.#takeover.stop();
    const links = [...this.#table.all()];
    const { clock } = this.#options;
    async function within(msMax: number, work: Promise<unknown>[]) {
      await inTime(Promise.allSettled(work), { clock, msMax, late: undefined });
    }
    const closed = links.map((link) => link.halt());
    const aborted = this.#starts.abortAll(new ChatError("shutting_down"));
    await within(STOP_MS.close, [...closed, aborted]);
    await within(STOP_MS.feed, links.map(({ feed }) => feed.idle()));
    for (const { feed } of links) feed.stop();
    this.#news.stop();
    const ours = links.map(({ record }) => record)
      .filter(({ liveId }) => this.#keeper.holds(liveId));
    await within(STOP_MS.save, [this.#saver.saveAll(ours)]);
    await within(STOP_MS.leases, [this.#keeper.stop()]);
  }

  /**
   * Wants a live room: connects it unless it is connected, or on its way.
   *
   * @param source the name of its source; otherwise the default.
   * @returns once it is known to be live and stored; connecting goes on.
   * @throws {ChatError} `live_source_unknown`, `live_links_full`,
   * `shutting_down`, or what {@linkcode startLink} throws.
   */
  async add(
    liveId: string,
    source?: string,
  ): Promise<{ readonly isNew: boolean; readonly status: LinkStatus }> {
    if (this.#isStopped) throw new ChatError("shutting_down");
    if (source !== undefined) this.#sources.require(source);
    const known = this.#table.get(liveId);
    if (known?.isUnderWay === true) {
      return { isNew: false, status: known.status() };
    }
    const underWay = this.#starts.of(liveId);
    if (underWay !== undefined) {
      return { isNew: false, status: (await underWay).status() };
    }
    const chosen = this.#sources.require(source ?? this.#options.defaultSource);
    this.#refuseFull(known);
    const link = await this.#starts.begin(
      liveId,
      (signal) => {
        const order = { liveId, source: chosen, known, signal };
        return this.#begun(startLink(order, this.#startOptions()));
      },
    );
    return { isNew: true, status: link.status() };
  }

  /**
   * Wants a live room no more.
   *
   * @returns whether it was wanted, or over.
   * @throws {ChatError} `storage_unavailable` when it is not known whether
   * there is such a link; one that is known is stopped in any case, and its
   * row is written as soon as that works.
   */
  async remove(liveId: string): Promise<boolean> {
    const message = "The live room was stopped while it was being started";
    const why = new ChatError("live_not_found", { message });
    let wasStarting = this.#starts.of(liveId) !== undefined;
    if (wasStarting) await this.#starts.abort(liveId, why);
    const isKnown = this.#table.get(liveId) !== undefined ||
      await this.#takeover.load();
    // Another may have begun. Nothing may be waited for from here to the stop.
    while (this.#starts.of(liveId) !== undefined) {
      wasStarting = await this.#starts.abort(liveId, why);
    }
    if (!isKnown) throw new ChatError("storage_unavailable");
    const link = this.#table.get(liveId);
    if (link === undefined || link.state === "stopped") {
      this.#options.log.info(`No link to live room ${liveId} to stop`, {
        event: "live_link_unknown",
        liveId,
      });
      return wasStarting;
    }
    void link.stop();
    await this.#release(link);
    return true;
  }

  /**
   * Tries a live room now that waits, is silent, or is over.
   *
   * @throws {ChatError} `live_not_found`, `live_links_full`, `shutting_down`,
   * what {@linkcode reviveLink} throws, or a start that is under way.
   */
  async retry(liveId: string): Promise<LinkStatus> {
    if (this.#isStopped) throw new ChatError("shutting_down");
    const underWay = this.#starts.of(liveId);
    if (underWay !== undefined) return (await underWay).status();
    const link = this.#table.get(liveId);
    if (link === undefined) throw new ChatError("live_not_found");
    if (link.state === "ended" && !link.record.isWanted) {
      this.#refuseFull(link);
      await this.#starts.begin(
        liveId,
        (signal) => this.#begun(reviveLink(link, signal, this.#startOptions())),
      );
    } else if (link.isLeaseless) {
      await this.#keeper.renew();
      await this.#takeover.resume();
    } else link.retry();
    return link.status();
  }

  /** Somebody outside saw a message of a live room: it is not silent. */
  touch(liveId: string): void {
    this.#table.get(liveId)?.touch();
  }

  /** How a link stands, also one that nobody wants since a while. */
  status(liveId: string): LinkStatus | undefined {
    return this.#table.get(liveId)?.status();
  }

  /** All of a link, also of one that nobody wants since a while. */
  view(liveId: string): LinkView | undefined {
    const link = this.#table.get(liveId);
    return link && viewOf(link, this.#options.clock.now());
  }

  /** All links that were not stopped. */
  all(): LinkView[] {
    const now = this.#options.clock.now();
    return [...this.#table.all()]
      .filter(({ state }) => state !== "stopped")
      .map((link) => viewOf(link, now));
  }

  /**
   * A room ended. A link that is wanted goes on in a new room; one that is not
   * is forgotten.
   */
  roomEnded(roomId: string): void {
    const link = this.#table.ofRoom(roomId);
    if (link === undefined) return;
    const { record } = link;
    if (!record.isWanted) return void this.#forget([record.liveId]);
    record.moveTo(null);
    if (this.#keeper.holds(record.liveId)) link.feed.prepareRoom();
    this.#note(link);
  }

  #startOptions(): LinkStartOptions {
    return {
      ...this.#options,
      keeper: this.#keeper,
      saver: this.#saver,
      newLink: (source, origin) =>
        this.#newLink(source, new LinkRecord(origin)),
    };
  }

  /** The link that comes of a start; it is in the table then. */
  async #begun(start: Promise<Started>): Promise<Link> {
    const { link, first } = await start;
    this.#table.put(link, this.#options.clock.monotonic());
    if (this.#isStopped) return link;
    // The lease may have gone since; one that has come is seen at a look.
    const isOurs = this.#keeper.holds(link.record.liveId);
    if (first === "awaitLease" || !isOurs) link.awaitLease("lease_held");
    else link[first]();
    return link;
  }

  #newLink(source: LiveSource, record: LinkRecord): Link {
    return makeLink(source, record, {
      ...this.#options,
      listener: {
        onChange: (link) => {
          this.#note(link);
          this.#announce(link);
        },
        onKept: (link) => {
          this.#note(link);
          this.#news.counted(link);
        },
        onEnded: (link) => void this.#onEnded(link),
      },
    });
  }

  /** A room is over: without a follower nobody wants the link any more. */
  async #onEnded(link: Link): Promise<void> {
    if (!link.record.isWanted) return await this.#release(link);
    await this.#saver.flush();
  }

  /**
   * Lets go of a link that nobody wants; its last row is written, now or with
   * a flush. Only a row that is another's for certain is left alone.
   */
  async #release(link: Link): Promise<void> {
    const { record } = link;
    const { liveId } = record;
    this.#table.put(link, this.#options.clock.monotonic());
    const isOurs = this.#keeper.holds(liveId) ||
      await this.#keeper.take(liveId).catch(() => true);
    if (isOurs) this.#saver.mark(record);
    // It was asked for again meanwhile, and has use for the lease.
    if (record.isWanted || this.#starts.of(liveId) !== undefined) return;
    // Both are asked for now: a start that follows asks for the lease later.
    const saved = isOurs ? this.#saver.save([record]) : undefined;
    const dropped = this.#keeper.drop([liveId]);
    await saved?.catch((error) => this.#warn(error));
    await dropped;
    await this.#forget(this.#table.surplus());
  }

  async #forget(liveIds: readonly string[]): Promise<void> {
    for (const liveId of liveIds) {
      this.#table.get(liveId)?.feed.stop();
      this.#table.remove(liveId);
      this.#news.forget(liveId);
    }
    await this.#saver.forget(liveIds);
  }

  #onLost(liveId: string, isAnothers: boolean): void {
    this.#saver.discard(liveId);
    const link = this.#table.get(liveId);
    if (link === undefined || !link.record.isWanted || this.#isStopped) return;
    link.awaitLease(isAnothers ? "lease_held" : "storage_unavailable");
  }

  #arm(): void {
    if (this.#isStopped) return;
    this.#timer = this.#options.clock.after(LOOK_MS, () => {
      this.#arm();
      this.#look();
    });
  }

  #look(): void {
    for (const link of this.#table.all()) {
      this.#guarded(() => link.look());
    }
    const now = this.#options.clock.monotonic();
    for (const { feed, record } of this.#table.idle(now, FORGETFUL_MS)) {
      if (!feed.isOpen || feed.waiting > 0) continue;
      feed.stop();
      record.isCaughtUp = false;
    }
    void this.#takeover.load();
    void this.#takeover.resume();
    void this.#keeper.renew();
    void this.#saver.flush();
  }

  /** The link's row is behind, if it is ours to write. */
  #note({ record }: Link): void {
    if (this.#keeper.holds(record.liveId)) this.#saver.mark(record);
  }

  #announce(link: Link): void {
    this.#guarded(() => this.#news.changed(link));
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#warn(error);
    }
  }

  #warn(error: unknown): void {
    this.#options.log.error(`Live links: ${error}`, { event: "live_failed" });
  }

  #refuseFull(known: Link | undefined): void {
    if (known?.record.isWanted === true) return;
    const count = this.#table.wantedCount + this.#starts.count;
    if (count >= this.#options.linksMax) throw new ChatError("live_links_full");
  }
}
