/**
 * Live rooms over HTTP (COMPAT 4.2): start and stop, how the links stand, and
 * what was said. To be mounted at `/api/live`.
 *
 * Anybody may look. There are no headers for pages of other sites: what these
 * routes change is for this server's own pages and for programs. A new route
 * needs a row in README's table.
 *
 * @module
 */

import { type Context, Hono } from "@hono/hono";
import { ChatError } from "../wire/errors.ts";
import { LIVE_ID } from "../wire/live_id.ts";
import type { HttpDeps } from "./http_deps.ts";
import { requireLiveOperator } from "./live_auth.ts";
import {
  linkBody,
  linksBody,
  LIVE_PAGE_QUERY,
  LIVE_START,
  LIVE_STOP,
  messagesBody,
  requireLiveId,
  type ShownLink,
} from "./live_body.ts";
import { failAs, liveError } from "./live_error.ts";
import {
  retriedText,
  RETRY_FAILED_TEXT,
  runningText,
  START_FAILED_TEXT,
  startedText,
  STOP_FAILED_TEXT,
  stoppedText,
} from "./live_texts.ts";
import type { LiveDeps } from "./ports.ts";
import { readBody, readQuery } from "./request_input.ts";

type LiveRoutesDeps = Pick<HttpDeps, "apiKey" | "live" | "log" | "tools">;

/** Builds the routes. */
export function liveRoutes(deps: LiveRoutesDeps): Hono {
  const { live, log } = deps;
  const app = new Hono();
  app.onError((cause, c) => liveError(c, cause, log));
  const operator = requireLiveOperator(deps);
  app.post("/start", operator, (c) => start(c, live));
  addRest(app, "/start", "POST");
  app.post("/stop", operator, (c) => stop(c, live));
  addRest(app, "/stop", "POST");
  app.get("/status", (c) => c.json(linksBody(allLinks(live))));
  addRest(app, "/status", "GET, HEAD");
  app.get("/:live_id", (c) => c.json(linkBody(knownLink(c, live))));
  addRest(app, "/:live_id", "GET, HEAD");
  app.get("/:live_id/messages", (c) => messages(c, live));
  addRest(app, "/:live_id/messages", "GET, HEAD");
  app.post("/:live_id/retry", operator, (c) => retry(c, live));
  addRest(app, "/:live_id/retry", "POST");
  app.all("*", () => {
    throw new ChatError("not_found");
  });
  return app;
}

/**
 * What else a path may be asked with. It follows the path's own methods, and
 * comes before any path that would match the same.
 */
function addRest(app: Hono, path: string, methods: string): void {
  const allowed = `${methods}, OPTIONS`;
  app.options(path, (c) => c.body(null, 204, { Allow: allowed }));
  app.all(path, (c) => {
    c.header("Allow", allowed);
    throw new ChatError("method_not_allowed");
  });
}

async function start(c: Context, { desk }: LiveDeps): Promise<Response> {
  const { live_id, source } = await readBody(c, LIVE_START);
  const liveId = requireLiveId(live_id);
  failAs(c, START_FAILED_TEXT);
  const { isNew, status } = await desk.add(liveId, source);
  return c.json({
    success: true,
    message: isNew ? startedText(liveId) : runningText(liveId),
    live_id: liveId,
    state: status.state,
  });
}

async function stop(c: Context, { desk }: LiveDeps): Promise<Response> {
  const { live_id } = await readBody(c, LIVE_STOP);
  const liveId = requireLiveId(live_id);
  failAs(c, STOP_FAILED_TEXT);
  await desk.remove(liveId);
  return c.json({ success: true, message: stoppedText(liveId) });
}

async function messages(c: Context, live: LiveDeps): Promise<Response> {
  const liveId = liveIdOf(c);
  const room = live.findRoom(liveId);
  if (room === undefined) throw new ChatError("live_not_found");
  const range = readQuery(c, LIVE_PAGE_QUERY);
  return c.json(await messagesBody(liveId, room, range));
}

async function retry(c: Context, live: LiveDeps): Promise<Response> {
  const { view } = knownLink(c, live);
  const { liveId, state: before } = view.status;
  failAs(c, RETRY_FAILED_TEXT);
  const { state } = await live.desk.retry(liveId);
  // A link that is live is left alone.
  const message = before === "live" ? runningText(liveId) : retriedText(liveId);
  return c.json({ success: true, state, message });
}

function allLinks({ desk, findRoom }: LiveDeps): ShownLink[] {
  return desk.all().map((view) => {
    return { view, room: findRoom(view.status.liveId) };
  });
}

/** @throws {ChatError} `live_not_found`. */
function knownLink(c: Context, { desk, findRoom }: LiveDeps): ShownLink {
  const liveId = liveIdOf(c);
  const view = desk.view(liveId);
  if (view === undefined) throw new ChatError("live_not_found");
  return { view, room: findRoom(liveId) };
}

/** What is no live id is not known either. */
function liveIdOf(c: Context): string {
  const parsed = LIVE_ID.safeParse(c.req.param("live_id"));
  if (parsed.success) return parsed.data;
  throw new ChatError("live_not_found");
}
