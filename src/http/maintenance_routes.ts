/**
 * Keeping the server in order: a copy of the database, and the reaper by hand.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import { toSecs } from "../base/unix_time.ts";
import { maybe } from "../wire/maybe.ts";
import type { HttpDeps } from "./http_deps.ts";
import type { ReapOptions, ReapResult } from "./ports.ts";
import { readOptionalBody } from "./request_input.ts";

/** The longest idle time to ask for, in minutes: a year. */
const MINUTES_MAX = 525_600;

// A misspelled `dry_run` would end rooms.
const CLEANUP = z.strictObject({
  minutes: maybe(z.int().min(0).max(MINUTES_MAX)),
  force: z.boolean().default(false),
  dry_run: z.boolean().default(false),
}).transform(({ minutes, force, dry_run }): ReapOptions => ({
  ...(minutes === undefined ? {} : { minutes }),
  force,
  dryRun: dry_run,
}));

/** `/management/backup` and `/management/cleanup`. */
export function maintenanceRoutes(
  { recorder, backup, reap }: Pick<HttpDeps, "recorder" | "backup" | "reap">,
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
      const options = await readOptionalBody(c, CLEANUP);
      return c.json(reapBody(await reap(options)));
    });
}

function reapBody({ rooms, counts }: ReapResult) {
  return {
    rooms: rooms.map((room) => ({
      room_id: room.roomId,
      created_at: toSecs(room.createdAt),
      ...(room.error === undefined ? {} : { error: room.error }),
    })),
    counts: {
      active: counts.active,
      ended: counts.ended,
      waiting: counts.waiting,
    },
  };
}
