/**
 * The pages of rooms and heart links.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import { type Context, Hono } from "@hono/hono";
import type { PageSession } from "../../identity/page_session.ts";
import type { RoomFacts } from "../../room/room_facts.ts";
import { roomIdOf, roomOf } from "../tools/room_access.ts";
import { requirePageUser, userOf } from "../tools/session_gate.ts";
import { chatUrl } from "../../wire/presence_frame.ts";
import { ROOM_ID_CHARS_MAX } from "../../wire/limits.ts";
import { ActiveRoomsPage } from "./active_rooms_page.tsx";
import { ChatPage, type ChatView } from "./chat_page.tsx";
import { HeartLinkPage } from "./heart_link_page.tsx";
import { type PageParts, pageRequest } from "./page_request.ts";
import { RoomErrorPage } from "./room_error_page.tsx";
import { errorPath, ROOM_ERRORS } from "../../web/room_error.ts";
import { roomErrorKind } from "./room_error_kind.ts";

/** What they answer below `/tools/`, all but the error for users alone. */
export function roomPages(parts: PageParts): Hono {
  const routes = new Hono();
  const gate = requirePageUser(parts);
  routes.get("/chat/active_rooms/", gate, async (c) => {
    return c.html(<ActiveRoomsPage page={await pageRequest(c, parts)} />);
  });
  routes.get("/heart_link/", gate, async (c) => {
    return c.html(<HeartLinkPage page={await pageRequest(c, parts)} />);
  });
  routes.get("/heart_link/chat/:room_id/", gate, (c) => {
    return c.redirect(chatUrl(roomIdOf(c)), 302);
  });
  routes.get("/chat/enhanced/:room_id/", gate, (c) => chatPage(c, parts));
  routes.get("/chat-room-error/:type/:room_id/", async (c) => {
    const asked = c.req.param("type");
    const kind = ROOM_ERRORS.find((one) => one === asked) ?? "general";
    const roomId = roomIdOf(c).slice(0, ROOM_ID_CHARS_MAX);
    const page = await pageRequest(c, parts);
    return c.html(<RoomErrorPage page={page} kind={kind} roomId={roomId} />);
  });
  return routes;
}

async function chatPage(c: Context, parts: PageParts): Promise<Response> {
  const roomId = roomIdOf(c);
  try {
    const room = await roomOf(c, parts);
    const page = await pageRequest(c, parts);
    const view = viewOf(room.facts(), userOf(c), parts);
    return c.html(<ChatPage page={page} view={view} />);
  } catch (cause) {
    const kind = roomErrorKind(cause);
    const shown = roomId.slice(0, ROOM_ID_CHARS_MAX);
    return c.redirect(errorPath(kind, shown), 302);
  }
}

function viewOf(
  { id, name, chat }: RoomFacts,
  { userId, nickname }: PageSession,
  { limits }: Pick<PageParts, "limits">,
): ChatView {
  return {
    roomId: id,
    name: name ?? "",
    isWaiting: chat?.isWaiting ?? false,
    contentCharsMax: limits.contentCharsMax,
    userId,
    nickname,
  };
}
