/**
 * Starting a live room that somebody asks for: is it ours, is it live, can it
 * be kept. Either all of it is so, or nothing is left of the attempt.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { ChatError } from "../wire/errors.ts";
import type { LeaseKeeper } from "./lease_keeper.ts";
import type { Link } from "./link.ts";
import { catchUp, type CatchUpOptions } from "./link_catch_up.ts";
import type { LinkOrigin } from "./link_record.ts";
import type { LinkSaver } from "./link_saver.ts";
import { checkRoom } from "./room_check.ts";
import { abnormalText } from "./seed_texts.ts";
import type { LiveSource, RoomStatus } from "./source.ts";

export interface LinkStartOptions extends CatchUpOptions {
  readonly keeper: Pick<LeaseKeeper, "take" | "drop">;
  readonly saver: Pick<
    LinkSaver,
    "isFull" | "save" | "forget" | "mark" | "discard"
  >;
  readonly clock: Clock;
  readonly log: Log;
  readonly isFollowing: boolean;
  readonly newLink: (source: LiveSource, origin: LinkOrigin) => Link;
}

/** A live room that is to be started. */
export interface StartOrder {
  readonly liveId: string;
  readonly source: LiveSource;
  /** The link, if it is known; it is not under way. */
  readonly known: Link | undefined;
  /** Aborted, with a `ChatError`, when it is not to be started after all. */
  readonly signal: AbortSignal;
}

/** A link that may begin, and with what. */
export interface Started {
  readonly link: Link;
  readonly first: "connect" | "end" | "retry" | "awaitLease";
}

/**
 * Starts a live room. The link that comes of it is wanted and kept; its first
 * step is the caller's.
 *
 * @throws {ChatError} `live_status_unknown`, `live_ended`, `live_abnormal`,
 * `storage_unavailable`, `too_many_rooms`, or that of the order's signal.
 */
export async function startLink(
  order: StartOrder,
  options: LinkStartOptions,
): Promise<Started> {
  const { liveId, source, known } = order;
  const { keeper, saver, clock, newLink } = options;
  if (saver.isFull) throw new ChatError("storage_unavailable");
  const isOurs = await taken(order, options);
  const origin = { liveId, source: source.name, addedAt: clock.now() };
  if (!isOurs) {
    const link = known ?? newLink(source, origin);
    want(link, source, origin);
    // A row of before that is still to be removed is another's by now.
    saver.discard(liveId);
    return { link, first: "awaitLease" };
  }
  let isOver: boolean;
  try {
    const answer = await checkRoom({ ...options, ...order });
    order.signal.throwIfAborted();
    isOver = judge(answer, options);
  } catch (error) {
    if (known?.record.isWanted !== true) await keeper.drop([liveId]);
    throw error;
  }
  const link = known ?? newLink(source, origin);
  await keep(link, { order, origin, options });
  return { link, first: isOver ? "end" : "connect" };
}

/**
 * Wants a live room again that is over, whatever was last said of it.
 *
 * @throws {ChatError} `storage_unavailable`, `too_many_rooms`, or that of the
 * signal; it is over as before then.
 */
export async function reviveLink(
  link: Link,
  signal: AbortSignal,
  options: LinkStartOptions,
): Promise<Started> {
  const { source, record } = link;
  const { liveId, addedAt } = record;
  const order = { liveId, source, known: link, signal };
  const origin = { liveId, source: source.name, addedAt };
  const isOurs = await taken(order, options);
  if (isOurs) await keep(link, { order, origin, options });
  else want(link, source, origin);
  return { link, first: isOurs ? "retry" : "awaitLease" };
}

/**
 * Whether the lease is ours.
 *
 * @throws {ChatError} `storage_unavailable` when that is not known; a lease
 * that nobody needs is not asked for any more then.
 */
async function taken(
  { liveId, known }: StartOrder,
  options: LinkStartOptions,
): Promise<boolean> {
  const { keeper } = options;
  try {
    return await answered(() => keeper.take(liveId), options);
  } catch (error) {
    if (known?.record.isWanted !== true) await keeper.drop([liveId]);
    throw error;
  }
}

/** Whether the room is over, where that is no reason to refuse. */
function judge(
  answer: RoomStatus,
  { isFollowing }: LinkStartOptions,
): boolean {
  switch (answer.kind) {
    case "live":
      return false;
    case "ended":
      if (isFollowing) return true;
      throw new ChatError("live_ended");
    case "abnormal": {
      const message = abnormalText(answer.code);
      throw new ChatError("live_abnormal", { message });
    }
    case "unknown":
      throw new ChatError("live_status_unknown");
  }
}

interface Keeping {
  readonly order: StartOrder;
  readonly origin: LinkOrigin;
  readonly options: LinkStartOptions;
}

/** Reads and stores the link and sees to its room, or takes it all back. */
async function keep(
  link: Link,
  { order, origin, options }: Keeping,
): Promise<void> {
  const { record } = link;
  const { isWanted, isEnded, addedAt } = record;
  const before = { isWanted, isEnded, addedAt };
  const formerSource = link.source;
  try {
    if (!await catchUp(link, options)) {
      throw new ChatError("storage_unavailable");
    }
    want(link, order.source, origin);
    await answered(() => options.saver.save([record]), options);
    order.signal.throwIfAborted();
    link.feed.room();
    options.saver.mark(record);
  } catch (error) {
    if (order.known === undefined) link.feed.stop();
    else {
      Object.assign(record, before);
      link.use(formerSource);
    }
    await takeBack(link, { order, origin, options });
    throw error;
  }
}

function want(link: Link, source: LiveSource, origin: LinkOrigin): void {
  const { record } = link;
  link.use(source);
  record.isWanted = true;
  record.isEnded = false;
  record.addedAt = origin.addedAt;
}

async function takeBack(
  { record }: Link,
  { order, options }: Keeping,
): Promise<void> {
  const { keeper, saver } = options;
  const { liveId } = order;
  const work: Promise<unknown>[] = [];
  if (order.known === undefined) work.push(saver.forget([liveId]));
  // What cannot be written now is written with the next flush.
  else work.push(saver.save([record]).catch(() => {}));
  if (!record.isWanted || order.known === undefined) {
    work.push(keeper.drop([liveId]));
  }
  await Promise.all(work);
}

/** @throws {ChatError} `storage_unavailable` when the database fails. */
async function answered<Answer>(
  ask: () => Promise<Answer>,
  { log }: LinkStartOptions,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    log.warn("Failed to store a live link", {
      event: "live_link_unstored",
      error: String(error),
    });
    throw new ChatError("storage_unavailable");
  }
}
