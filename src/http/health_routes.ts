/**
 * What probes ask, without a key, and what this is.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import type { HttpDeps } from "./http_deps.ts";

/** `/`, `/health/live`, `/health/ready` and the seed's `/management/health`. */
export function healthRoutes(
  { readiness, server }: Pick<HttpDeps, "readiness" | "server">,
): Hono {
  return new Hono()
    .get("/", async (c, next) => {
      const isBrowser = c.req.header("Accept")?.includes("text/html") ?? false;
      return isBrowser ? await next() : c.text(indexText(server.version));
    })
    .get("/management/health", (c) => c.text("OK"))
    .get("/health/live", (c) => c.json({ status: "live" }))
    .get("/health/ready", async (c) => {
      const reasons = await readiness.reasons();
      const isReady = reasons.length === 0;
      const status = isReady ? "ready" : "unready";
      return c.json({ status, reasons }, isReady ? 200 : 503);
    });
}

function indexText(version: string): string {
  return `Parlor ${version}, a chat-room server.

WebSocket   /ws/rooms/{room_id}?user_id=&nickname=
            /ws/chat/{room_id}/ /ws/presence /ws/devices /ws/live/{live_id}
Chat        /tools/chat/active_rooms/ and, in a browser, /
Live        /api/live/status and, in a browser, /live
Management  /management (X-Api-Key)
Health      /health/live /health/ready
Metrics     /metrics (X-Api-Key, or Authorization: Bearer)

README.md shows each of them with examples.
`;
}
