/**
 * The pages of live rooms. Anybody may see them; what changes something asks
 * for the operator's key by itself.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import { Hono } from "@hono/hono";
import { LIVE_ID } from "../../wire/live_id.ts";
import { LiveListPage } from "./live_list_page.tsx";
import { LiveRoomPage, NoLiveRoomPage } from "./live_room_page.tsx";
import { type PageParts, pageRequest } from "./page_request.ts";

/** What they answer, to be mounted at `/live`. */
export function livePages(parts: PageParts): Hono {
  const { live, limits } = parts;
  const routes = new Hono();
  routes.get("/", async (c) => {
    const page = await pageRequest(c, parts);
    return c.html(<LiveListPage page={page} {...live} />);
  });
  routes.get("/:live_id", async (c) => {
    const page = await pageRequest(c, parts);
    const asked = LIVE_ID.safeParse(c.req.param("live_id"));
    if (!asked.success || !live.isKnown(asked.data)) {
      const liveId = c.req.param("live_id").slice(0, 50);
      return c.html(<NoLiveRoomPage page={page} liveId={liveId} />, 404);
    }
    return c.html(
      <LiveRoomPage page={page} liveId={asked.data} {...live} {...limits} />,
    );
  });
  return routes;
}
