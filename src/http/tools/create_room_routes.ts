/**
 * Rooms that users make themselves, open to everyone.
 *
 * An id is never used twice, since its log would go on: a room of the same
 * name as one that ended gets a number behind its id. When the first numbers
 * are taken, it is a random one, so that nobody looks through a thousand.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import type { PageSession } from "../../identity/page_session.ts";
import { ChatError } from "../../wire/errors.ts";
import { maybe } from "../../wire/maybe.ts";
import { ROOM_NAME_CHARS_MAX } from "../../wire/limits.ts";
import { trimmedText } from "../../wire/text.ts";
import type { ChatRoom, NewChatRoom } from "../ports.ts";
import { enterPublic, requireRoomToMake } from "./public_rooms.ts";
import {
  findRoom,
  mayEnter,
  personOf,
  type RoomSources,
} from "./room_access.ts";
import { isRandomSibling, randomSibling, slugOf } from "./room_name.ts";
import { userOf } from "./session_gate.ts";
import { readFields } from "./tool_body.ts";
import { addTool } from "./tool_route.ts";
import type { ToolsDeps } from "./tools_deps.ts";
import { UserPace } from "./user_pace.ts";

/** Rooms of one name, one after the other, whose ids are looked through. */
export const NUMBERED_MAX = 5;

const BODY = z.object({ room_name: maybe(trimmedText(ROOM_NAME_CHARS_MAX)) });

type CreateDeps = RoomSources & Pick<ToolsDeps, "clock" | "ids">;

/** A room of the name that was asked for. */
interface Named {
  readonly roomId: string;
  readonly isNew: boolean;
}

/** `chat/create-room`. */
export function createRoomRoutes(deps: CreateDeps): Hono {
  const app = new Hono();
  const pace = new UserPace(deps.clock);
  addTool(app, "/chat/create-room", {
    POST: async (c) => {
      const { room_name: name = "" } = await readFields(c, BODY);
      if (name === "") throw badName("房间名称不能为空");
      const session = userOf(c);
      pace.spend(session.userId);
      const { roomId, isNew } = await enterOrCreate(deps, name, session);
      return c.json({
        success: true,
        room_id: roomId,
        message: isNew ? "聊天室创建成功" : "加入现有聊天室",
      });
    },
  });
  return app;
}

/** Finds the room of a name that the user may enter, or makes one. */
async function enterOrCreate(
  deps: CreateDeps,
  name: string,
  session: PageSession,
): Promise<Named> {
  const slug = slugOf(name);
  if (slug === undefined) {
    throw badName("Invalid room_name: too long for an id");
  }
  for (let number = 1; number <= NUMBERED_MAX; number++) {
    const roomId = number === 1 ? slug : `${slug}-${number}`;
    const found = await findRoom(deps, roomId, session);
    if (found?.isEnded) continue;
    // Somebody else may have made it meanwhile.
    const room = found?.room ?? deps.rooms.get(roomId);
    if (room === undefined) return create(deps, { roomId, name }, session);
    if (mayEnter(room, session)) return { roomId, isNew: false };
  }
  return enterOrCreateSibling(deps, { slug, name }, session);
}

/** As {@linkcode enterOrCreate}, among the rooms with random numbers. */
function enterOrCreateSibling(
  deps: CreateDeps,
  { slug, name }: { readonly slug: string; readonly name: string },
  session: PageSession,
): Named {
  // Nobody was told an id that is made only now.
  if (session.rooms !== null) throw new ChatError("room_refused");
  const sibling = Iterator.from(deps.rooms.all())
    .filter((room) => isRandomSibling(slug, room.id))
    .find((room) => isOpen(room) && mayEnter(room, session));
  if (sibling !== undefined) return { roomId: sibling.id, isNew: false };
  const roomId = randomSibling(slug, deps.ids);
  return create(deps, { roomId, name }, session);
}

function isOpen(room: ChatRoom): boolean {
  return room.facts().chat?.access === "open";
}

function create(
  { rooms }: CreateDeps,
  { roomId, name }: { readonly roomId: string; readonly name: string },
  session: PageSession,
): Named {
  if (enterPublic(rooms, roomId, session) === undefined) {
    requireRoomToMake(rooms, session.userId);
    rooms.create(newRoom(roomId, name, session));
  }
  return { roomId, isNew: true };
}

function newRoom(
  id: string,
  name: string,
  session: PageSession,
): NewChatRoom {
  return {
    id,
    name,
    adminUserIds: [],
    slowModeSecs: 0,
    membersMax: null,
    pinned: null,
    autoClose: true,
    chat: {
      access: "open",
      participants: [personOf(session)],
      isWaiting: false,
    },
  };
}

function badName(message: string): ChatError {
  return new ChatError("bad_request", { message });
}
