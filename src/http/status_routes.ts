/**
 * How the server is doing, and writing what is pending now.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import { queryInteger } from "./fields.ts";
import type { HttpDeps } from "./http_deps.ts";
import type { Pending, RoomDirectory } from "./ports.ts";
import { readOptionalBody, readQuery } from "./request_input.ts";
import { busyRoom } from "./room_body.ts";
import { liveRoom } from "./room_lookup.ts";
import { counterValues } from "./counter_values.ts";

type StatusRoutesDeps = Pick<
  HttpDeps,
  "rooms" | "recorder" | "metrics" | "server" | "clock" | "readiness"
>;

const STATUS_QUERY = z.object({ rooms: queryInteger(0, 1000).default(0) });
const FLUSH_BODY = z.object({ room_id: z.string().optional() });

/** `/management/status`, `…/pending` and `…/flush`. */
export function statusRoutes(deps: StatusRoutesDeps): Hono {
  const { recorder, rooms } = deps;
  return new Hono()
    .get("/status", async (c) => {
      const query = readQuery(c, STATUS_QUERY);
      return c.json(await statusBody(deps, query.rooms));
    })
    .get("/pending", (c) => c.json(pendingBody(recorder.pending)))
    .post("/flush", async (c) => {
      const { room_id: roomId } = await readOptionalBody(c, FLUSH_BODY);
      if (roomId !== undefined) liveRoom(rooms, roomId);
      const before = recorder.pending.records;
      await (roomId === undefined
        ? recorder.flushAll()
        : recorder.flushRoom(roomId));
      // What arrived meanwhile must not make it look as if less was written.
      const flushed = Math.max(0, before - recorder.pending.records);
      return c.json({ flushed });
    });
}

async function statusBody(deps: StatusRoutesDeps, roomsListed: number) {
  const { server, rooms, recorder, metrics, clock, readiness } = deps;
  const reasons = await readiness.reasons();
  return {
    version: server.version,
    started_at: server.startedAt,
    uptime_secs: Math.floor((clock.now() - server.startedAt) / 1000),
    durability: server.durability,
    draining: server.isDraining(),
    ready: reasons.length === 0,
    reasons,
    rooms: Array.from(rooms.all()).length,
    connections: server.connections(),
    pending: pendingBody(recorder.pending),
    counters: await counterValues(metrics),
    room_list: fullestRooms(rooms, roomsListed),
  };
}

function fullestRooms(rooms: RoomDirectory, limit: number) {
  if (limit === 0) return [];
  return Array.from(rooms.all(), (one) => busyRoom(one.id, one.facts()))
    .sort((a, b) => b.current_users - a.current_users)
    .slice(0, limit);
}

function pendingBody(pending: Pending) {
  const { failing } = pending;
  return {
    messages: pending.messages,
    records: pending.records,
    bytes: pending.bytes,
    oldest_at: pending.oldestAt,
    failing: failing && {
      since_at: failing.sinceAt,
      attempts: failing.attempts,
      error: failing.error,
    },
  };
}
