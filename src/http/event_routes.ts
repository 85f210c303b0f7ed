/**
 * The events of all rooms in one order, for a backend that pulls them.
 *
 * What was accepted is in the database before a page is read: whoever heard of
 * a change finds its event here.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import { boundedId, cappedInteger } from "./fields.ts";
import type { HttpDeps } from "./http_deps.ts";
import { readQuery } from "./request_input.ts";

const QUERY = z.object({
  after: boundedId.optional(),
  limit: cappedInteger(1000).default(100),
}).transform(({ after, limit }) => ({
  ...(after === undefined ? {} : { after }),
  limit,
}));

/** `/management/sync/events`. */
export function eventRoutes(
  { events, recorder }: Pick<HttpDeps, "events" | "recorder">,
): Hono {
  return new Hono().get("/events", async (c) => {
    const query = readQuery(c, QUERY);
    await recorder.flushAll();
    const page = await events.page(query);
    return c.json({
      events: page.events,
      next: page.next,
      has_more: page.hasMore,
    });
  });
}
