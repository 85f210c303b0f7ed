/**
 * A user's own active rooms, and the rooms that are open to everyone.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import type { PageSession } from "../../identity/page_session.ts";
import type { ChatSpec } from "../../wire/record.ts";
import type { ChatRoom, LinkDesk, PresenceDesk } from "../ports.ts";
import { isoTime, isoTimeOrNull } from "./iso_time.ts";
import { type OpenRoom, OpenRoomList, usedAt } from "./open_room_list.ts";
import { titleOf } from "./room_name.ts";
import { peopleOf } from "./room_people.ts";
import { userOf } from "./session_gate.ts";
import { nameFailure } from "./tool_error.ts";
import { addTool } from "./tool_route.ts";
import type { ToolsDeps } from "./tools_deps.ts";

type ActiveRoomDeps = Pick<
  ToolsDeps,
  "clock" | "links" | "messages" | "presence" | "recorder" | "rooms"
>;

/** Most rooms of one user that an answer names, newest first. */
export const OWN_ROOMS_MAX = 200;

/** Most rooms of one user that are looked at for it. */
export const OWN_ROOMS_SEEN_MAX = 1000;

/** Most characters of a room's last message in the list. */
const PREVIEW_CHARS_MAX = 50;

/** `chat/active_rooms` and `chat/active-rooms`. */
export function activeRoomRoutes(deps: ActiveRoomDeps): Hono {
  const app = new Hono();
  const list = new OpenRoomList(deps, deps.clock);
  addTool(app, "/chat/active_rooms", {
    GET: (c) => {
      nameFailure(c, { message: "获取活跃聊天室信息失败" });
      return c.json(ownRooms(deps, userOf(c)));
    },
  });
  addTool(app, "/chat/active-rooms", {
    GET: async (c) => c.json(await openRooms(list, userOf(c))),
  });
  return app;
}

/** The user's rooms in which at least one participant is online. */
function ownRooms(
  { links, presence, rooms }: ActiveRoomDeps,
  { userId }: PageSession,
) {
  const active = Iterator.from(rooms.participating(userId))
    .take(OWN_ROOMS_SEEN_MAX)
    .map((room) => ownRoom(room, presence))
    .filter((room) => room !== undefined)
    .take(OWN_ROOMS_MAX)
    .toArray();
  return {
    success: true,
    active_rooms: active,
    active_room_count: active.length,
    heart_link_status: pendingBody(links, userId),
    user_id: userId,
    username: userId,
  };
}

function ownRoom(room: ChatRoom, presence: PresenceDesk) {
  const { chat, createdAt } = room.facts();
  if (chat?.isWaiting !== false) return undefined;
  const online = onlineOf(chat, presence);
  if (online.length === 0) return undefined;
  return {
    room_id: room.id,
    created_at: isoTime(createdAt),
    participants: online,
    participant_count: online.length,
  };
}

function onlineOf({ participants }: ChatSpec, presence: PresenceDesk) {
  return participants.flatMap((person) => {
    const facts = presence.of(person.userId);
    if (!facts?.isOnline) return [];
    return [{
      id: person.userId,
      username: person.userId,
      display_name: person.nickname,
      last_seen: isoTimeOrNull(facts.lastSeenAt),
    }];
  });
}

function pendingBody(links: LinkDesk, userId: string) {
  const pending = links.pendingOf(userId);
  if (pending === null) return null;
  return {
    status: pending.status,
    created_at: isoTime(pending.createdAt),
    expires_at: isoTime(pending.expiresAt),
  };
}

/**
 * Open rooms only: the seed lists private ones too, with what was said last in
 * them.
 */
async function openRooms(list: OpenRoomList, session: PageSession) {
  const rooms = await list.for(session);
  return { success: true, rooms: rooms.map(openRoom) };
}

function openRoom({ room, last }: OpenRoom) {
  const facts = room.facts();
  const { createdAt, name } = facts;
  return {
    room_id: room.id,
    room_name: name === "" ? titleOf(room.id) : name,
    participants_count: peopleOf({ isEnded: false, room }).length,
    last_message: {
      content: preview(last?.payload.content ?? ""),
      created_at: isoTimeOrNull(last?.at ?? null),
      sender: last?.actor ?? null,
    },
    created_at: isoTime(createdAt),
    updated_at: isoTime(usedAt(facts)),
  };
}

function preview(content: string): string {
  // Twice the units hold at least as many characters.
  const start = content.slice(0, 2 * PREVIEW_CHARS_MAX);
  return [...start].slice(0, PREVIEW_CHARS_MAX).join("");
}
