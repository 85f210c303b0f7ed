/**
 * Rooms: create, list, show, change, close.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import type { RoomSettings } from "../wire/entry.ts";
import {
  adminUserIds,
  cappedInteger,
  maxMembers,
  pinned,
  POSITION_MAX,
  queryInteger,
  roomName,
  slowModeSecs,
} from "./fields.ts";
import type { HttpDeps } from "./http_deps.ts";
import { memberBody } from "./member_body.ts";
import type { HttpLimits, RoomSpec } from "./ports.ts";
import { readBody, readQuery } from "./request_input.ts";
import {
  roomDetail,
  roomRow,
  roomStatus,
  settingsBody,
  storedFacts,
} from "./room_body.ts";
import { flushedRoom, liveRoom } from "./room_lookup.ts";

type RoomRoutesDeps = Pick<HttpDeps, "rooms" | "recorder" | "store" | "limits">;

const LIST_QUERY = z.object({
  ended: z.enum(["true", "false"]).default("false"),
  limit: cappedInteger(1000).default(100),
  offset: queryInteger(0, POSITION_MAX).default(0),
});
type ListQuery = z.infer<typeof LIST_QUERY>;

const DETAIL_QUERY = z.object({
  members_limit: queryInteger(0, 10_000).default(100),
});

/** `/management/rooms`, without what happens inside a room. */
export function roomRoutes(deps: RoomRoutesDeps): Hono {
  const spec = specSchema(deps.limits);
  const patch = patchSchema(deps.limits);
  const admins = z.object({
    admin_user_ids: adminUserIds(deps.limits.userIdCharsMax),
  });
  const { rooms } = deps;
  return new Hono()
    .post("/", async (c) => {
      const { id } = rooms.create(await readBody(c, spec));
      const path = `/ws/rooms/${encodeURIComponent(id)}`;
      return c.json({ room_id: id, websocket_url: path });
    })
    .get("/", async (c) => {
      const query = readQuery(c, LIST_QUERY);
      if (query.ended === "true") return c.json(await allRooms(deps, query));
      const live = Array.from(
        rooms.all(),
        (one) => roomRow(one.id, one.facts()),
      );
      return c.json(live);
    })
    .get("/:room_id", async (c) => {
      const { members_limit: limit } = readQuery(c, DETAIL_QUERY);
      const roomId = c.req.param("room_id");
      return c.json(await roomWithMembers(deps, roomId, limit));
    })
    .patch("/:room_id", async (c) => {
      const room = liveRoom(rooms, c.req.param("room_id"));
      const settings = await readBody(c, patch);
      const { seq } = await room.operate({ type: "set_settings", settings });
      return c.json({ seq, settings: settingsBody(room.facts()) });
    })
    .put("/:room_id/admins", async (c) => {
      const room = liveRoom(rooms, c.req.param("room_id"));
      const { admin_user_ids: userIds } = await readBody(c, admins);
      await room.operate({ type: "set_admins", userIds });
      return c.body(null, 200);
    })
    .delete("/:room_id", async (c) => {
      const room = liveRoom(rooms, c.req.param("room_id"));
      await room.operate({ type: "end", reason: "closed" });
      return c.body(null, 204);
    });
}

function specSchema(limits: HttpLimits): z.ZodType<RoomSpec, unknown> {
  return z.object({
    room_name: roomName,
    admin_user_ids: adminUserIds(limits.userIdCharsMax),
    slow_mode_secs: slowModeSecs.default(null),
    max_members: maxMembers(limits.membersMax).default(null),
    pinned: pinned.default(null),
    auto_close: z.boolean().default(false),
  }).transform((body): RoomSpec => ({
    name: body.room_name,
    adminUserIds: body.admin_user_ids,
    slowModeSecs: body.slow_mode_secs,
    membersMax: body.max_members,
    pinned: body.pinned,
    autoClose: body.auto_close,
  }));
}

function patchSchema(
  limits: HttpLimits,
): z.ZodType<Partial<RoomSettings>, unknown> {
  return z.strictObject({
    name: roomName.optional(),
    slow_mode_secs: slowModeSecs.optional(),
    max_members: maxMembers(limits.membersMax).optional(),
    pinned: pinned.optional(),
  }).refine(
    (body) => Object.keys(body).length > 0,
    "want at least one of name, slow_mode_secs, max_members, pinned",
  ).transform((body): Partial<RoomSettings> => ({
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.slow_mode_secs === undefined
      ? {}
      : { slowModeSecs: body.slow_mode_secs }),
    ...(body.max_members === undefined ? {} : { membersMax: body.max_members }),
    ...(body.pinned === undefined ? {} : { pinned: body.pinned }),
  }));
}

async function allRooms(deps: RoomRoutesDeps, query: ListQuery) {
  await deps.recorder.flushAll();
  const { limit, offset } = query;
  const stored = await deps.store.rooms({ ended: true, limit, offset });
  return stored.map((room) => ({
    ...roomRow(room.id, deps.rooms.get(room.id)?.facts() ?? storedFacts(room)),
    ...roomStatus(room.endedAt),
  }));
}

async function roomWithMembers(
  deps: RoomRoutesDeps,
  roomId: string,
  membersLimit: number,
) {
  const room = deps.rooms.get(roomId);
  if (room === undefined) {
    const stored = await flushedRoom(deps, roomId);
    return {
      ...roomDetail(roomId, storedFacts(stored), stored.endedAt),
      ban_count: 0,
      mute_count: 0,
      members: [],
    };
  }
  return {
    ...roomDetail(roomId, room.facts(), null),
    ban_count: room.bans().length,
    mute_count: room.mutes().length,
    members: Iterator.from(room.members()).take(membersLimit).map(memberBody)
      .toArray(),
  };
}
