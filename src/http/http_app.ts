/**
 * The HTTP side of the server: every route, behind the same gates.
 *
 * A request is counted, then let in (CORS, key), and only then read. Only
 * probes, the index and preflights pass without the key. A new route needs a
 * row in README's table.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { cors } from "@hono/hono/cors";
import { methodNotAllowed } from "@hono/hono/method-not-allowed";
import { ChatError } from "../wire/errors.ts";
import { requireApiKey, requireApiKeyOrBearer } from "./auth.ts";
import { callbackRoutes } from "./callback_routes.ts";
import { deviceRoutes, roomDeviceRoutes } from "./device_routes.ts";
import { errorResponse, refusalCode } from "./error_response.ts";
import { eventRoutes } from "./event_routes.ts";
import { healthRoutes } from "./health_routes.ts";
import type { HttpDeps } from "./http_deps.ts";
import { liveRoutes } from "./live_routes.ts";
import { maintenanceRoutes } from "./maintenance_routes.ts";
import { messageRoutes } from "./message_routes.ts";
import type { LivePageFacts } from "./pages/page_deps.ts";
import { pageRoutes } from "./pages/page_routes.tsx";
import { penaltyRoutes } from "./penalty_routes.ts";
import { roomRoutes } from "./room_routes.ts";
import { sessionRoutes } from "./session_routes.ts";
import { statusRoutes } from "./status_routes.ts";
import { syncRoutes } from "./sync_routes.ts";
import { tokenRoutes } from "./token_routes.ts";
import { toolsApi } from "./tools/tools_api.ts";
import { sendFileRoutes, uploadedFiles } from "./tools/upload_routes.ts";

/** Builds the app. It keeps nothing of its own between requests. */
export function newHttpApp(deps: HttpDeps): Hono {
  const app = new Hono();
  app.onError((cause, c) => errorResponse(c, cause, deps.log));
  app.notFound((c) => errorResponse(c, new ChatError("not_found"), deps.log));
  addGates(app, deps);
  app.route("/management/rooms", roomRoutes(deps));
  app.route("/management/rooms", penaltyRoutes(deps));
  app.route("/management/rooms", messageRoutes(deps));
  app.route("/management/rooms", sessionRoutes(deps));
  app.route("/management/rooms", roomDeviceRoutes(deps));
  app.route("/management/devices", deviceRoutes(deps));
  app.route("/management/sync", syncRoutes(deps));
  app.route("/management/sync", eventRoutes(deps));
  app.route("/management/callbacks", callbackRoutes(deps));
  app.route("/management/tokens", tokenRoutes(deps));
  app.route("/management", statusRoutes(deps));
  app.route("/management", maintenanceRoutes(deps));
  app.route("/api/live", liveRoutes(deps));
  app.route("/tools/api", toolsApi(deps.tools, sendFileRoutes(deps.tools)));
  app.route("/tools/uploads", uploadedFiles(deps.tools));
  app.route("/", pageRoutes({ ...deps.tools, live: livePageFacts(deps) }));
  app.get("/metrics", async (c) => {
    const { body, contentType } = await deps.metrics.text();
    return c.body(body, 200, { "Content-Type": contentType });
  });
  return app;
}

function addGates(app: Hono, deps: HttpDeps): void {
  const { log, metrics } = deps;
  app.use(async (c, next) => {
    await next();
    metrics.httpRequests.inc({ status: String(c.res.status) });
    const code = refusalCode(c);
    if (code !== undefined) metrics.refusals.inc({ code });
  });
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      c.header("Allow", methods.join(", "));
      return errorResponse(c, new ChatError("method_not_allowed"), log);
    },
  }));
  app.use("/management/*", cors({ allowMethods: ["*"], allowHeaders: ["*"] }));
  // Before the key is asked for: a route that answers ends the chain.
  app.route("/", healthRoutes(deps));
  app.use("/management/*", requireApiKey(deps.apiKey));
  app.use("/metrics", requireApiKeyOrBearer(deps.apiKey));
}

function livePageFacts({ live }: Pick<HttpDeps, "live">): LivePageFacts {
  const { defaultSource, desk, isChatOpen, isPublic } = live;
  return {
    defaultSource,
    isChatOpen,
    isPublic,
    isKnown: (liveId) => desk.view(liveId) !== undefined,
  };
}
