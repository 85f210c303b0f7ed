/**
 * Who was in a room, from when to when, and how it ended.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { SESSION_PAGE, stayPage } from "./history_page.ts";
import { pageQuery } from "./page.ts";
import { readQuery } from "./request_input.ts";
import { flushedRoom, type HistorySources } from "./room_lookup.ts";

const QUERY = pageQuery(SESSION_PAGE);

/** `/management/rooms/{id}/sessions`. */
export function sessionRoutes(sources: HistorySources): Hono {
  return new Hono().get("/:room_id/sessions", async (c) => {
    const query = readQuery(c, QUERY);
    const roomId = c.req.param("room_id");
    await flushedRoom(sources, roomId);
    return c.json(await stayPage(sources.store, roomId, query));
  });
}
