/**
 * What a link has to know of its room's log before it feeds it again: what
 * was kept after it last counted, and what not to keep twice.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { RECENT_IDS_MAX } from "./intake.ts";
import type { LinkFeed } from "./link_feed.ts";
import type { LinkRecord } from "./link_record.ts";
import type { LiveRooms } from "./live_room.ts";
import type { LiveStore } from "./live_store.ts";
import type { LiveSource } from "./source.ts";
import { storeCall } from "./store_call.ts";

/** The newest messages of which gifts are read. */
const RECALLED_MAX = 4096;

export interface CatchUpOptions {
  readonly store: Pick<LiveStore, "countLive" | "upstreamIds" | "giftTexts">;
  readonly rooms: Pick<LiveRooms, "find">;
  readonly clock: Pick<Clock, "after">;
  readonly log: Log;
}

/** A link, as far as this goes. */
export interface LinkBehind {
  readonly record: LinkRecord;
  readonly feed: LinkFeed;
  readonly source: Pick<LiveSource, "recall">;
}

/**
 * Reads what is missing, once. Never rejects.
 *
 * @returns whether nothing is missing now. A link of which something is must
 * not feed: it would keep messages twice, and count past those it missed.
 */
export async function catchUp(
  { record, feed, source }: LinkBehind,
  options: CatchUpOptions,
): Promise<boolean> {
  if (record.isCaughtUp) return true;
  const { store, rooms, clock } = options;
  const room = rooms.find(record.liveId);
  if (room !== undefined) record.moveTo(room.id);
  const { roomId } = record;
  if (roomId === null) {
    record.isCaughtUp = true;
    return true;
  }
  record.isCaughtUp = await isRead(record, options, async () => {
    const ids = storeCall(
      clock,
      () => store.upstreamIds(roomId, RECENT_IDS_MAX),
    );
    const [counted, known] = await Promise.all([
      counts(record, roomId, options),
      ids,
    ]);
    addCounts(record, roomId, counted);
    feed.remember(known);
    await recall({ record, source }, roomId, options);
  });
  return record.isCaughtUp;
}

/**
 * Counts what was kept after a link that nobody wants was written down last: a
 * process that was killed may have counted on. Never rejects.
 *
 * @returns whether the log could be read.
 */
export async function countOn(
  { record }: Pick<LinkBehind, "record">,
  options: Pick<CatchUpOptions, "store" | "clock" | "log">,
): Promise<boolean> {
  const { roomId } = record;
  if (roomId === null) return true;
  return await isRead(record, options, async () => {
    addCounts(record, roomId, await counts(record, roomId, options));
  });
}

/** Tells a source that wants to know it which gifts the log has. */
async function recall(
  { record, source }: Omit<LinkBehind, "feed">,
  roomId: string,
  { clock, store }: Pick<CatchUpOptions, "store" | "clock">,
): Promise<void> {
  if (source.recall === undefined) return;
  const texts = await storeCall(
    clock,
    () => store.giftTexts(roomId, RECALLED_MAX),
  );
  source.recall(record.liveId, texts);
}

interface Counted extends Awaited<ReturnType<LiveStore["countLive"]>> {
  /** The number after which it was counted. */
  readonly afterSeq: number;
}

async function counts(
  { throughSeq: afterSeq }: LinkRecord,
  roomId: string,
  { clock, store }: Pick<CatchUpOptions, "store" | "clock">,
): Promise<Counted> {
  const found = await storeCall(
    clock,
    () => store.countLive(roomId, afterSeq),
  );
  return { ...found, afterSeq };
}

function addCounts(
  record: LinkRecord,
  roomId: string,
  { afterSeq, counts, lastSeq }: Counted,
): void {
  // Somebody else has counted the same meanwhile.
  if (record.throughSeq !== afterSeq) return;
  record.memory.addCounts(counts);
  record.countedTo(roomId, lastSeq);
}

async function isRead(
  { liveId }: LinkRecord,
  { log }: Pick<CatchUpOptions, "log">,
  read: () => Promise<void>,
): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    log.warn(`Failed to read the log of live room ${liveId}`, {
      event: "live_link_unread",
      liveId,
      error: String(error),
    });
    return false;
  }
}
