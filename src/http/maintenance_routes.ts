/**
 * Keeping the server in order: a copy of the database, and by hand what the
 * calendar cleans up.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import { toSecs } from "../base/unix_time.ts";
import type { CleanupReport } from "../jobs/cleanup.ts";
import type { Explanation } from "../jobs/explanation.ts";
import type { ReapRequest } from "../jobs/reaper.ts";
import { maybe } from "../wire/maybe.ts";
import type { RoomKind } from "../wire/record.ts";
import type { CleanupDesk } from "./cleanup_desk.ts";
import { boundedId, queryInteger } from "./fields.ts";
import type { HttpDeps } from "./http_deps.ts";
import { readOptionalBody, readParam, readQuery } from "./request_input.ts";

/** The longest idle time to ask for, in minutes: a year. */
const MINUTES_MAX = 525_600;

// A misspelled `dry_run` would end rooms.
const CLEANUP = z.strictObject({
  minutes: maybe(z.int().min(0).max(MINUTES_MAX)),
  force: z.boolean().default(false),
  dry_run: z.boolean().default(false),
}).transform(({ minutes, force, dry_run }): ReapRequest => ({
  ...(minutes === undefined ? {} : { minutes }),
  force,
  dryRun: dry_run,
}));

const EXPLAIN = z.object({
  minutes: queryInteger(0, MINUTES_MAX).optional(),
  force: z.enum(["true", "false"]).default("false"),
}).transform(({ minutes, force }): Pick<ReapRequest, "minutes" | "force"> => ({
  ...(minutes === undefined ? {} : { minutes }),
  force: force === "true",
}));

/** `/management/backup` and `/management/cleanup`. */
export function maintenanceRoutes(
  { recorder, backup, cleanup }: Pick<
    HttpDeps,
    "recorder" | "backup" | "cleanup"
  >,
): Hono {
  return new Hono()
    .get("/backup", async (c) => {
      c.header("Content-Type", "application/octet-stream");
      c.header("Content-Disposition", 'attachment; filename="parlor.db"');
      c.header("Cache-Control", "no-store");
      // Nobody would read, and so close, a copy that was made for its headers.
      if (c.req.method === "HEAD") return c.body(null);
      await recorder.flushAll();
      return c.body(await backup());
    })
    .post("/cleanup", async (c) => {
      const request = await readOptionalBody(c, CLEANUP);
      const report = await cleanup.run(request);
      return c.json({
        minutes: minutesOf(cleanup, request, null),
        device_minutes: minutesOf(cleanup, request, "device"),
        live_minutes: minutesOf(cleanup, request, "live"),
        ...cleanupBody(report),
      });
    })
    .post("/cleanup/heart-links", async (c) => {
      const { expired, pending, matched } = await cleanup.sweepLinks();
      return c.json({ expired, pending, matched });
    })
    .get("/cleanup/:room_id", async (c) => {
      const roomId = readParam(c, "room_id", boundedId);
      const request = readQuery(c, EXPLAIN);
      const explanation = await cleanup.explain(roomId, request);
      const minutes = minutesOf(cleanup, request, explanation.kind);
      return c.json({ minutes, ...explanationBody(explanation) });
    });
}

/** How long nobody must have been in a room of a kind; 0 may be never. */
function minutesOf(
  { deviceMinutes, idleMinutes, liveMinutes }: CleanupDesk,
  { minutes }: Pick<ReapRequest, "minutes">,
  kind: RoomKind | null,
): number {
  if (kind !== "device" && kind !== "live") return minutes ?? idleMinutes;
  const ttlMinutes = kind === "device" ? deviceMinutes : liveMinutes;
  return ttlMinutes === 0 ? 0 : minutes ?? ttlMinutes;
}

function cleanupBody({ rooms, spared, nextDueInMs, counts }: CleanupReport) {
  return {
    rooms: rooms.map((room) => ({
      room_id: room.roomId,
      kind: room.kind,
      created_at: toSecs(room.createdAt),
      empty_since_at: room.emptySinceAt,
      ...(room.error === undefined ? {} : { error: room.error }),
    })),
    spared,
    next_due_in_ms: wholeMs(nextDueInMs),
    counts: {
      active: counts.active,
      ended: counts.ended,
      waiting: counts.waiting,
    },
  };
}

function explanationBody(room: Explanation) {
  return {
    room_id: room.roomId,
    kind: room.kind,
    would_end: room.reason === "due",
    reason: room.reason,
    due_in_ms: wholeMs(room.dueInMs),
    status: room.status,
    created_at: room.createdAt === null ? null : toSecs(room.createdAt),
    empty_since_at: room.emptySinceAt,
    last_message_at: room.lastMessageAt,
    ended_at: room.endedAt,
    connections: room.connections,
  };
}

function wholeMs(ms: number | null): number | null {
  return ms === null ? null : Math.ceil(ms);
}
