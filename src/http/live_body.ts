/**
 * Live rooms as the API shows them, and as its requests name them.
 *
 * Instants are epoch ms, except for the reference's own `last_message_time`,
 * in unix seconds.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { z } from "zod";
import type { Part, Quality } from "../live/quality.ts";
import type { LinkView } from "../live/link_view.ts";
import type { LogPage, LogRange } from "../room/log_window.ts";
import { ChatError } from "../wire/errors.ts";
import { HISTORY_LIMIT_DEFAULT, HISTORY_LIMIT_MAX } from "../wire/limits.ts";
import {
  type LinkStatusBody,
  type LiveMessageBody,
  liveMessageBody,
  type LiveStatsBody,
  statsBody,
  statusBody,
} from "../wire/live_frames.ts";
import { LIVE_ID } from "../wire/live_id.ts";
import { maybe } from "../wire/maybe.ts";
import { boundedText } from "../wire/text.ts";
import { queryInteger } from "./fields.ts";
import type { LiveRoomHandle } from "./ports.ts";

/** Most characters of a source's name. */
const SOURCE_CHARS_MAX = 100;

const SEQ_MAX = Number.MAX_SAFE_INTEGER;

/** The body of a stop. */
export const LIVE_STOP = z.object({ live_id: z.unknown().optional() });

/** The body of a start. */
export const LIVE_START = LIVE_STOP.extend({
  source: maybe(boundedText(SOURCE_CHARS_MAX)),
});

/** The query of a page of messages. */
export const LIVE_PAGE_QUERY = z.object({
  before_seq: queryInteger(1, SEQ_MAX).optional(),
  after_seq: queryInteger(0, SEQ_MAX).optional(),
  limit: queryInteger(1, HISTORY_LIMIT_MAX).default(HISTORY_LIMIT_DEFAULT),
}).refine(
  (query) => query.before_seq === undefined || query.after_seq === undefined,
  "before_seq and after_seq exclude each other",
).transform(({ after_seq, before_seq, limit }): LogRange => ({
  limit,
  ...(before_seq === undefined ? {} : { beforeSeq: before_seq }),
  ...(after_seq === undefined ? {} : { afterSeq: after_seq }),
}));

/**
 * The live id that a body names.
 *
 * @throws {ChatError} `live_id_missing` or `live_id_invalid`.
 */
export function requireLiveId(said: unknown): string {
  if (said === undefined || said === null || said === "") {
    throw new ChatError("live_id_missing");
  }
  const parsed = LIVE_ID.safeParse(said);
  if (parsed.success) return parsed.data;
  throw new ChatError("live_id_invalid");
}

/** A link in the list of all. */
interface LinkRow extends LinkStatusBody {
  readonly watchers: number;
  readonly stats: LiveStatsBody;
  readonly messages_per_minute: readonly number[];
  readonly added_at: number;
}

interface PartBody {
  readonly value: number | null;
  readonly score: number | null;
  readonly weight: number;
}

/** A link by itself. */
interface LinkDetail extends Omit<LinkRow, "quality"> {
  readonly exists: true;
  readonly room_id: string | null;
  readonly epoch: string | null;
  readonly last_seq: number;
  readonly failing_since: number | null;
  readonly quality: {
    readonly score: number | null;
    readonly parts: Readonly<
      Record<
        "live_share" | "reconnects_per_hour" | "longest_silence_ms" | "lag_ms",
        PartBody
      >
    >;
  };
}

/** A link and its room, if it has one that has not ended. */
export interface ShownLink {
  readonly view: LinkView;
  readonly room: LiveRoomHandle | undefined;
}

/** All links that are not stopped. */
export function linksBody(links: readonly ShownLink[]): {
  readonly success: true;
  readonly active_rooms: readonly string[];
  readonly count: number;
  readonly connections: Readonly<Record<string, LinkRow>>;
} {
  const rows = links.map(linkRow);
  return {
    success: true,
    active_rooms: rows.map((row) => row.live_id),
    count: rows.length,
    // Any live id is a field of its own, `__proto__` too.
    connections: Object.fromEntries(rows.map((row) => [row.live_id, row])),
  };
}

/** One link with all that is known of it. */
export function linkBody(link: ShownLink): LinkDetail {
  const { failingSinceAt, quality, roomId } = link.view;
  const facts = link.room?.facts();
  return {
    ...linkRow(link),
    exists: true,
    room_id: link.room?.id ?? roomId,
    epoch: facts?.epoch ?? null,
    last_seq: facts?.lastSeq ?? 0,
    failing_since: failingSinceAt,
    quality: qualityBody(quality),
  };
}

/** A stretch of a live room's log, and the number to go on from. */
export async function messagesBody(
  liveId: string,
  room: LiveRoomHandle,
  range: LogRange,
): Promise<{
  readonly live_id: string;
  readonly room_id: string;
  readonly epoch: string;
  readonly messages: readonly LiveMessageBody[];
  readonly last_seq: number;
  readonly has_more: boolean;
}> {
  const { epoch, lastSeq } = room.facts();
  const { entries, hasMore }: LogPage = await room.log.page(range);
  return {
    live_id: liveId,
    room_id: room.id,
    epoch,
    messages: entries.map((entry) => liveMessageBody(entry, liveId))
      .filter((message) => message !== null),
    // Not the last message's: what viewers are not told has a number too.
    last_seq: entries.at(-1)?.seq ?? lastSeq,
    has_more: hasMore,
  };
}

function linkRow({ room, view }: ShownLink): LinkRow {
  return {
    ...statusBody(view.status),
    watchers: room?.facts().sessions ?? 0,
    stats: statsBody(view.stats),
    messages_per_minute: view.perMinute,
    added_at: view.addedAt,
  };
}

function qualityBody({ parts, score }: Quality): LinkDetail["quality"] {
  return {
    score,
    parts: {
      live_share: partBody(parts.liveShare),
      reconnects_per_hour: partBody(parts.reconnectsPerHour),
      longest_silence_ms: partBody(parts.longestSilenceMs),
      lag_ms: partBody(parts.lagMs),
    },
  };
}

function partBody({ score, value, weight }: Part): PartBody {
  return { value, score, weight };
}
