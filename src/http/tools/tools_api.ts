/**
 * The seed's JSON API (COMPAT 0.4), to be mounted at `/tools/api`.
 *
 * Nothing of it may be kept by a browser or a proxy, and all of it needs a
 * user. A new route needs a row in README's table.
 *
 * @module
 */

import { Hono, type MiddlewareHandler } from "@hono/hono";
import { ChatError } from "../../wire/errors.ts";
import { activeRoomRoutes } from "./active_room_routes.ts";
import { chatMessageRoutes } from "./chat_message_routes.ts";
import { createRoomRoutes } from "./create_room_routes.ts";
import { heartLinkCleanup } from "./heart_link_cleanup.ts";
import { heartLinkRoutes } from "./heart_link_routes.ts";
import { numberMatchRoutes } from "./number_match_routes.ts";
import { peopleRoutes } from "./people_routes.ts";
import { requireUser } from "./session_gate.ts";
import { toolError } from "./tool_error.ts";
import type { ToolsDeps } from "./tools_deps.ts";

/**
 * Builds the API.
 *
 * @param more other groups of routes behind the same gate.
 */
export function toolsApi(deps: ToolsDeps, ...more: readonly Hono[]): Hono {
  const app = new Hono();
  app.onError((cause, c) => toolError(c, cause, deps.log));
  app.use(neverKept);
  app.use(requireUser(deps));
  const groups = [
    activeRoomRoutes(deps),
    createRoomRoutes(deps),
    chatMessageRoutes(deps),
    peopleRoutes(deps),
    heartLinkRoutes(deps),
    heartLinkCleanup(deps),
    numberMatchRoutes(deps),
    ...more,
  ];
  for (const group of groups) app.route("/", group);
  app.all("*", () => {
    throw new ChatError("not_found");
  });
  return app;
}

/** The seed's headers, on every answer. */
async function neverKept(
  ...[c, next]: Parameters<MiddlewareHandler>
): Promise<void> {
  c.header("Cache-Control", "no-cache, no-store, must-revalidate");
  c.header("Pragma", "no-cache");
  c.header("Expires", "0");
  await next();
}
