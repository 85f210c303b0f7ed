/**
 * Who is in a room, and what a user says of their own being there.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import { userProfile } from "../../wire/chat_profile.ts";
import { maybe } from "../../wire/maybe.ts";
import { CHOSEN_STATUSES } from "../../wire/presence.ts";
import { isoTime, isoTimeOrNull } from "./iso_time.ts";
import {
  anyRoomOf,
  type FoundRoom,
  mayEnter,
  personOf,
  roomIdOf,
  type RoomSources,
} from "./room_access.ts";
import { peopleOf, type PersonFacts, presenceOf } from "./room_people.ts";
import { userOf } from "./session_gate.ts";
import { readFields } from "./tool_body.ts";
import { addTool } from "./tool_route.ts";
import type { ToolsDeps } from "./tools_deps.ts";

type PeopleDeps = RoomSources & Pick<ToolsDeps, "presence">;

const STATUS = z.object({
  status: maybe(z.enum(CHOSEN_STATUSES)),
  // One that no room has is passed over, so any text will do.
  room_id: maybe(z.string()),
});

/** `chat/{room_id}/online_users`, `…/participants`, `chat/online_status`. */
export function peopleRoutes(deps: PeopleDeps): Hono {
  const { presence, rooms } = deps;
  const app = new Hono();
  addTool(app, "/chat/:room_id/online_users", {
    GET: async (c) => {
      const people = peopleOf(await anyRoomOf(c, deps));
      const facts = await presenceOf(people, presence);
      return c.json({
        success: true,
        online_users: facts.map(onlineUser),
        room_id: roomIdOf(c),
      });
    },
  });
  addTool(app, "/chat/:room_id/participants", {
    GET: async (c) => {
      const found = await anyRoomOf(c, deps);
      const facts = await presenceOf(peopleOf(found), presence);
      return c.json({ success: true, data: roomBody(found, facts) });
    },
  });
  addTool(app, "/chat/online_status", {
    POST: async (c) => {
      const session = userOf(c);
      const { status = "online", room_id: roomId = "" } = await readFields(
        c,
        STATUS,
      );
      const room = rooms.get(roomId);
      const isTheirs = room !== undefined && mayEnter(room, session);
      presence.see(personOf(session));
      presence.choose(session.userId, status, isTheirs ? room.id : undefined);
      return c.json({ success: true, message: "在线状态已更新" });
    },
  });
  return app;
}

function onlineUser({ person, presence }: PersonFacts) {
  return {
    username: person.userId,
    last_seen: isoTimeOrNull(presence.lastSeenAt),
    is_online: presence.isOnline,
    display_name: person.nickname,
    status: presence.status,
  };
}

function roomBody(found: FoundRoom, facts: readonly PersonFacts[]) {
  const { id, createdAt } = found.isEnded ? found.room : found.room.facts();
  return {
    room_id: id,
    participants: facts.map(({ person, presence }) =>
      userProfile(person, presence.isOnline)
    ),
    status: statusOf(found),
    created_at: isoTime(createdAt),
  };
}

function statusOf(found: FoundRoom): "waiting" | "active" | "ended" {
  if (found.isEnded) return "ended";
  return found.room.facts().chat?.isWaiting ? "waiting" : "active";
}
