/**
 * What the operator says in a room, takes back, and reads of its log.
 *
 * @module
 */

import { type Context, Hono } from "@hono/hono";
import { z } from "zod";
import type { LogRange } from "../store/store.ts";
import { jsonDepthFits } from "../wire/json_depth.ts";
import {
  EVENT_TYPE_CHARS_MAX,
  HISTORY_LIMIT_DEFAULT,
  HISTORY_LIMIT_MAX,
  JSON_DEPTH_MAX,
} from "../wire/limits.ts";
import { entryFrame } from "../wire/rooms_entry.ts";
import { boundedText } from "../wire/text.ts";
import { queryInteger } from "./fields.ts";
import type { HttpDeps } from "./http_deps.ts";
import { readBody, readParam, readQuery } from "./request_input.ts";
import { flushedRoom, type HistorySources, liveRoom } from "./room_lookup.ts";

type MessageRoutesDeps =
  & Pick<HttpDeps, "rooms" | "limits">
  & HistorySources;

const SEQ_MAX = Number.MAX_SAFE_INTEGER;
const SEQ = queryInteger(1, SEQ_MAX);

const LOG_QUERY = z.object({
  before_seq: SEQ.optional(),
  after_seq: queryInteger(0, SEQ_MAX).optional(),
  limit: queryInteger(1, HISTORY_LIMIT_MAX).default(HISTORY_LIMIT_DEFAULT),
}).refine(
  (query) => query.before_seq === undefined || query.after_seq === undefined,
  "before_seq and after_seq exclude each other",
);
type LogQuery = z.infer<typeof LOG_QUERY>;

const EVENT = z.object({
  event_type: boundedText(EVENT_TYPE_CHARS_MAX),
  payload: z.unknown().refine(
    (value) => jsonDepthFits(value, { depthMax: JSON_DEPTH_MAX }),
    `nests deeper than ${JSON_DEPTH_MAX}`,
  ).default(null),
});

/** `/management/rooms/{id}/messages`, `…/system-message` and `…/events`. */
export function messageRoutes(deps: MessageRoutesDeps): Hono {
  const notice = z.object({
    content: boundedText(deps.limits.contentCharsMax),
  });
  const app = new Hono();
  // The seed's own page calls the second path.
  app.on(
    "POST",
    ["/:room_id/messages", "/:room_id/system-message"],
    async (c) => {
      const room = liveRoom(deps.rooms, roomIdOf(c));
      const { content: message } = await readBody(c, notice);
      const { id, seq } = await room.operate({ type: "system", message });
      return c.json({ id, seq });
    },
  );
  app.get("/:room_id/messages", async (c) => {
    const query = readQuery(c, LOG_QUERY);
    return c.json(await logPage(deps, roomIdOf(c), query));
  });
  app.delete("/:room_id/messages/:seq", async (c) => {
    const room = liveRoom(deps.rooms, roomIdOf(c));
    const target = readParam(c, "seq", SEQ);
    const { seq } = await room.operate({ type: "delete_message", seq: target });
    return c.json({ seq });
  });
  app.post("/:room_id/events", async (c) => {
    const room = liveRoom(deps.rooms, roomIdOf(c));
    // Over a socket an event is at most one frame; here it is the same event.
    const body = await readBody(c, EVENT, deps.limits.frameBytesMax);
    const { event_type: eventType, payload } = body;
    const { id, seq } = await room.operate({
      type: "custom_event",
      eventType,
      payload,
    });
    return c.json({ id, seq });
  });
  return app;
}

function roomIdOf(c: Context): string {
  return c.req.param("room_id") ?? "";
}

async function logPage(
  sources: HistorySources,
  roomId: string,
  query: LogQuery,
) {
  await flushedRoom(sources, roomId);
  const isForward = query.after_seq !== undefined;
  // One more than asked tells whether there is more.
  const range: LogRange = {
    limit: query.limit + 1,
    ...(query.after_seq === undefined
      ? { beforeSeq: query.before_seq ?? SEQ_MAX }
      : { afterSeq: query.after_seq }),
  };
  const found = await sources.store.log(roomId, range);
  const hasMore = found.length > query.limit;
  const first = hasMore && !isForward ? 1 : 0;
  const entries = found.slice(first, first + query.limit);
  return {
    room_id: roomId,
    entries: entries.map(entryFrame),
    has_more: hasMore,
  };
}
