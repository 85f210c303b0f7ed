/**
 * Ending a room by hand, and the seed's cleanup of everybody's requests.
 *
 * The seed lets any user clean up the whole server. Here that is the
 * operator's, who proves to be so by the key or by a token that makes them an
 * admin of every room; anyone else is told of their own request alone.
 *
 * @module
 */

import { type Context, Hono } from "@hono/hono";
import { z } from "zod";
import type { PageSession } from "../../identity/page_session.ts";
import { isForUsers } from "../../room/admission.ts";
import type { RoomFacts } from "../../room/room_facts.ts";
import type { StoredRoom } from "../../store/store.ts";
import { ChatError } from "../../wire/errors.ts";
import { maybe } from "../../wire/maybe.ts";
import { ROOM_ID_CHARS_MAX } from "../../wire/limits.ts";
import { shortText } from "../../wire/text.ts";
import type { ChatRoom } from "../ports.ts";
import {
  findRoom,
  type FoundRoom,
  isParticipant,
  isTokenAdmin,
  requireEntry,
  type RoomSources,
} from "./room_access.ts";
import { userOf } from "./session_gate.ts";
import { readFields } from "./tool_body.ts";
import { addTool } from "./tool_route.ts";
import type { ToolsDeps } from "./tools_deps.ts";

type CleanupDeps =
  & RoomSources
  & Pick<ToolsDeps, "apiKey" | "cleanup" | "links">;

const BODY = z.object({
  room_id: maybe(shortText(ROOM_ID_CHARS_MAX)),
  // A form says it in words.
  force_end: maybe(z.union([z.boolean(), z.stringbool()])),
});

/** `heart_link/cleanup`. */
export function heartLinkCleanup(deps: CleanupDeps): Hono {
  const app = new Hono();
  addTool(app, "/heart_link/cleanup", {
    POST: async (c) => {
      const { room_id: roomId = "", force_end: isForced = true } =
        await readFields(c, BODY);
      if (roomId === "") return c.json(await cleanedUp(c, deps));
      const room = await endableRoom(c, deps, roomId);
      if (isForced && room !== undefined) await end(room);
      const message = isForced ? "聊天室已结束" : "聊天室将在无人后自动结束";
      return c.json({ success: true, message, room_id: roomId });
    },
  });
  return app;
}

/**
 * A live room that the user may end; `undefined` when it has ended.
 *
 * @throws {ChatError} `room_not_found`, `not_participant`, or what keeps the
 * user out of the room.
 */
async function endableRoom(
  c: Context,
  deps: CleanupDeps,
  roomId: string,
): Promise<ChatRoom | undefined> {
  const session = userOf(c);
  const found = await findRoom(deps, roomId, session);
  if (found === undefined || !isForUsers(factsOf(found))) {
    throw new ChatError("room_not_found");
  }
  const isAdmin = isOperator(c, deps, session) ||
    isTokenAdmin(session, roomId);
  if (!isAdmin && !isTheirs(found, session)) {
    throw new ChatError("not_participant", {
      message: "您没有权限结束此聊天室",
    });
  }
  if (found.isEnded) return undefined;
  if (!isAdmin) requireEntry(found.room, session);
  return found.room;
}

/**
 * Whether it is a user's own. One that is open, or has a notice, is everyone's,
 * whoever made it.
 */
function isTheirs(found: FoundRoom, { userId }: PageSession): boolean {
  const room = factsOf(found);
  const isShared = room.pinned !== null || room.chat?.access !== "participants";
  return !isShared && isParticipant(room, userId);
}

function factsOf(found: FoundRoom): RoomFacts | StoredRoom {
  return found.isEnded ? found.room : found.room.facts();
}

async function end(room: ChatRoom): Promise<void> {
  try {
    await room.operate({ type: "end", reason: "closed" });
  } catch (cause) {
    // Somebody else ended it meanwhile.
    const isEnded = cause instanceof ChatError && cause.code === "room_ended";
    if (!isEnded) throw cause;
  }
}

async function cleanedUp(c: Context, deps: CleanupDeps) {
  const session = userOf(c);
  if (!isOperator(c, deps, session)) {
    const { status } = await deps.links.status(session.userId);
    return cleanupBody(status === "expired" ? 1 : 0, 0);
  }
  const { expired, endedRooms } = await deps.links.sweep();
  const { rooms } = await deps.cleanup.run({ force: false, dryRun: false });
  const reaped = rooms.filter((room) =>
    room.error === undefined && isForUsers(room)
  );
  return cleanupBody(expired, endedRooms + reaped.length);
}

function cleanupBody(expired: number, ended: number) {
  return {
    success: true,
    message: `清理完成！已清理 ${expired} 个过期请求，结束 ${ended} 个聊天室`,
    expired_requests: expired,
    ended_rooms: ended,
  };
}

function isOperator(
  c: Context,
  { apiKey }: Pick<CleanupDeps, "apiKey">,
  { admin }: PageSession,
): boolean {
  return admin === true || apiKey.matches(c.req.header("X-Api-Key"));
}
