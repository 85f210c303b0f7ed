/**
 * Messages of a room: read, send, take back, mark as read.
 *
 * A message is the same object here as in the socket's `chat_message`.
 *
 * @module
 */

import { type Context, Hono } from "@hono/hono";
import { z } from "zod";
import { chatMessage } from "../../wire/chat_entry.ts";
import { messageFields } from "../../wire/chat_message.ts";
import type { ChatCommand } from "../../wire/command.ts";
import type { Decoded } from "../../wire/dialect.ts";
import type { LogEntry } from "../../wire/entry.ts";
import { ChatError } from "../../wire/errors.ts";
import { READ_SEQS_MAX } from "../../wire/limits.ts";
import type { Author } from "../../room/room_input.ts";
import { cappedInteger, queryInteger } from "../fields.ts";
import type { ChatRoom } from "../ports.ts";
import { readQuery } from "../request_input.ts";
import { discardUpload } from "./discard_upload.ts";
import { messagePage, MESSAGES_MAX } from "./message_page.ts";
import { RepeatGuard } from "./repeat_guard.ts";
import { authorOf, roomOf, type RoomSources } from "./room_access.ts";
import { sentMessage } from "./sent_message.ts";
import { userOf } from "./session_gate.ts";
import { readFields } from "./tool_body.ts";
import { addTool } from "./tool_route.ts";
import type { ToolsDeps } from "./tools_deps.ts";
import { uploadName } from "./upload_path.ts";

type MessageDeps =
  & RoomSources
  & Pick<ToolsDeps, "clock" | "limits" | "log" | "uploads">;

/** How many messages are answered when nobody names a limit. */
export const MESSAGES_DEFAULT = 1000;

/** How long an own message can be taken back, in ms. */
export const DELETE_MS_MAX = 300_000;

/** Most times that one request marks as many messages as one post may. */
const READ_ROUNDS_MAX = MESSAGES_MAX / READ_SEQS_MAX;

const SEQ = queryInteger(1, Number.MAX_SAFE_INTEGER);

const PAGE = z.object({
  before_id: SEQ.optional(),
  limit: cappedInteger(MESSAGES_MAX).default(MESSAGES_DEFAULT),
});

/** `chat/{room_id}/messages`, `send`, `delete-message/{id}`, `mark-read`. */
export function chatMessageRoutes(deps: MessageDeps): Hono {
  const app = new Hono();
  const guard = new RepeatGuard(deps.clock);
  const said = messageFields(deps.limits);
  addTool(app, "/chat/:room_id/messages", {
    GET: async (c) => {
      const { before_id: beforeSeq, limit } = readQuery(c, PAGE);
      const room = await roomOf(c, deps);
      const page = await messagePage(room.id, { beforeSeq, limit }, deps);
      const { userId } = userOf(c);
      return c.json({
        success: true,
        messages: page.messages.map((one) => chatMessage(one, userId)),
        room_id: room.id,
        has_more: page.hasMore,
      });
    },
  });
  addTool(app, "/chat/:room_id/send", {
    POST: async (c) => {
      const room = await roomOf(c, deps);
      const command = commandOf(await readFields(c, said));
      const author = authorOf(userOf(c), room.id);
      const { userId } = author;
      const outcome = await guard.once(
        { roomId: room.id, userId, ...command },
        () => room.post(author, command),
      );
      const sent = { author, command, outcome };
      const message = await sentMessage(room.id, sent, deps);
      return c.json({ success: true, message });
    },
  });
  addTool(app, "/chat/:room_id/delete-message/:message_id", {
    POST: async (c) => {
      const room = await roomOf(c, deps);
      const author = authorOf(userOf(c), room.id);
      const message = await ownMessage(c, deps, room);
      const { seq } = message;
      await room.post(author, { type: "delete_message", seq });
      await discardFile(message, deps);
      return c.json({ success: true, message: "消息已删除", message_id: seq });
    },
  });
  for (const path of ["/chat/:room_id/mark-read", "/chat/:room_id/mark_read"]) {
    addTool(app, path, {
      POST: async (c) => {
        const room = await roomOf(c, deps);
        const author = authorOf(userOf(c), room.id);
        const count = await markRead(deps, room, author);
        return c.json({ success: true, marked_count: count });
      },
    });
  }
  return app;
}

/** @throws {ChatError} `message_empty` when it says nothing. */
function commandOf(decoded: Decoded): ChatCommand {
  if (!decoded.ok) throw new ChatError(decoded.code);
  if (decoded.command?.type === "chat") return decoded.command;
  throw new ChatError("message_empty");
}

/**
 * Removes the file of a message that is deleted, now that nothing leads to it.
 * A message may name a file that somebody else brought: that one stays.
 */
async function discardFile(
  { actor, payload, roomId }: LogEntry<"message">,
  deps: MessageDeps,
): Promise<void> {
  const name = uploadName(roomId, payload.fileUrl ?? "");
  if (name === undefined || actor === null) return;
  await discardUpload({ roomId, name, userId: actor }, deps);
}

/**
 * The message in the path, which its author may still delete.
 *
 * @throws {ChatError} `message_not_found`, `not_author`, `delete_too_late`.
 */
async function ownMessage(
  c: Context,
  { clock, messages, recorder }: MessageDeps,
  room: ChatRoom,
): Promise<LogEntry<"message">> {
  const seq = SEQ.safeParse(c.req.param("message_id"));
  if (!seq.success) throw new ChatError("message_not_found");
  await recorder.flushRoom(room.id);
  const message = await messages.message(room.id, seq.data);
  if (message === undefined) throw new ChatError("message_not_found");
  if (message.actor !== userOf(c).userId) throw new ChatError("not_author");
  if (clock.now() - message.at > DELETE_MS_MAX) {
    throw new ChatError("delete_too_late");
  }
  return message;
}

/**
 * Marks what others said and the user has not read.
 *
 * @returns how many messages.
 */
async function markRead(
  { messages, recorder }: MessageDeps,
  room: ChatRoom,
  author: Author,
): Promise<number> {
  let count = 0;
  for (let round = 0; round < READ_ROUNDS_MAX; round++) {
    await recorder.flushRoom(room.id);
    const limit = READ_SEQS_MAX;
    const seqs = await messages.unread(room.id, author.userId, { limit });
    if (seqs.length === 0) break;
    const { seq } = await room.post(author, { type: "read", seqs });
    if (seq === null) break;
    count += seqs.length;
    if (seqs.length < limit) break;
  }
  return count;
}
