/**
 * What an outside system pulls: rooms, chat and stays (COMPAT 2.2). It may ask
 * too that callbacks tell it now what they would have told it later.
 *
 * History is read from the database after what is pending for it was written,
 * and outlives the room.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { roomBasicInfo } from "../callback/room_sync.ts";
import type { HttpDeps } from "./http_deps.ts";
import {
  CHAT_PAGE,
  chatPage,
  SESSION_PAGE,
  sessionPage,
} from "./history_page.ts";
import { pageQuery } from "./page.ts";
import { readQuery } from "./request_input.ts";
import { flushedRoom } from "./room_lookup.ts";
import { snapshotStream } from "./sync_snapshot.ts";

type SyncRoutesDeps = Pick<
  HttpDeps,
  "rooms" | "recorder" | "store" | "sync" | "log"
>;

const CHAT_QUERY = pageQuery(CHAT_PAGE);
const SESSION_QUERY = pageQuery(SESSION_PAGE);

/** `/management/sync`. */
export function syncRoutes(deps: SyncRoutesDeps): Hono {
  const { rooms, recorder, store } = deps;
  return new Hono()
    .get("/", async (c) => {
      await recorder.flushAll();
      c.header("Content-Type", "application/json");
      return c.body(await snapshotStream(rooms, store));
    })
    .post("/", (c) => {
      syncInBackground(deps);
      return c.body(null, 202);
    })
    .get("/rooms", (c) =>
      c.json(
        Array.from(rooms.all(), (one) => roomBasicInfo(one.id, one.facts())),
      ))
    .get("/chat-history/:room_id", async (c) => {
      const query = readQuery(c, CHAT_QUERY);
      const roomId = c.req.param("room_id");
      await flushedRoom(deps, roomId);
      return c.json(await chatPage(store, roomId, query));
    })
    .get("/session-history/:room_id", async (c) => {
      const query = readQuery(c, SESSION_QUERY);
      const roomId = c.req.param("room_id");
      await flushedRoom(deps, roomId);
      return c.json(await sessionPage(store, roomId, query));
    });
}

function syncInBackground({ sync, log }: SyncRoutesDeps): void {
  sync.syncNow().catch((cause: unknown) => {
    log.warn("A sync that was asked for failed", {
      event: "sync_request_failed",
      cause: cause instanceof Error ? cause.message : cause,
    });
  });
}
