/**
 * Files in chat rooms: sent by a form, served to those who may read the room
 * (COMPAT 0.4).
 *
 * A file is what its bytes are, whatever its name says, and is served as that
 * and nothing else: what is not of a known format is only ever downloaded.
 *
 * @module
 */

import { type Context, Hono } from "@hono/hono";
import { FILE_KINDS, type FileKind } from "../../upload/file_format.ts";
import type { ServedFile } from "../../upload/uploads.ts";
import type { ChatCommand } from "../../wire/command.ts";
import { byteRange } from "./byte_range.ts";
import { discardUpload } from "./discard_upload.ts";
import {
  anyRoomOf,
  authorOf,
  roomOf,
  type RoomSources,
} from "./room_access.ts";
import { sentMessage } from "./sent_message.ts";
import { requireUser, userOf } from "./session_gate.ts";
import { toolError } from "./tool_error.ts";
import { addTool } from "./tool_route.ts";
import type { GateDeps, ToolsDeps } from "./tools_deps.ts";
import { announcedBytes, readUpload, type UploadForm } from "./upload_form.ts";
import { uploadPath } from "./upload_path.ts";

/** What these routes are built from. */
export type UploadDeps =
  & RoomSources
  & Pick<ToolsDeps, "clock" | "limits" | "log" | "uploads">;

/** A path of the seed's API for each kind of file. */
export function sendFileRoutes(deps: UploadDeps): Hono {
  const app = new Hono();
  for (const kind of FILE_KINDS) {
    addTool(app, `/chat/:room_id/send-${kind}`, {
      POST: (c) => sendFile(c, kind, deps),
    });
  }
  return app;
}

/** `/tools/uploads/{room_id}/{name}`, for users who may read the room. */
export function uploadedFiles(deps: UploadDeps & GateDeps): Hono {
  const app = new Hono();
  app.onError((cause, c) => toolError(c, cause, deps.log));
  app.use(requireUser(deps));
  app.get("/:room_id/:name", async (c) => {
    const { room } = await anyRoomOf(c, deps);
    return await serveFile(c, room.id, deps);
  });
  return app;
}

async function serveFile(
  c: Context,
  roomId: string,
  { uploads }: UploadDeps,
): Promise<Response> {
  const name = c.req.param("name") ?? "";
  const bytes = await uploads.size(roomId, name);
  const range = byteRange(c.req.header("Range"), bytes);
  if (range === "unfit") {
    return c.body(null, 416, { "Content-Range": `bytes */${bytes}` });
  }
  const file = await uploads.open(roomId, name, range);
  const init = {
    status: range === undefined ? 200 : 206,
    headers: headersOf(file, name),
  } as const;
  if (c.req.method !== "HEAD") return c.body(file.body, init);
  await file.body.cancel();
  return c.body(null, init);
}

async function sendFile(
  c: Context,
  kind: FileKind,
  deps: UploadDeps,
): Promise<Response> {
  const { clock, limits, uploads } = deps;
  const room = await roomOf(c, deps);
  const author = authorOf(userOf(c), room.id);
  const bytesMax = announcedBytes(c);
  using _place = uploads.admit(kind, bytesMax, author.userId);
  const { contentCharsMax } = limits;
  const form = await readUpload(c, kind, { contentCharsMax, bytesMax, clock });
  const bytes = await form.file.bytes();
  const name = await uploads.keep(room.id, kind, bytes, author);
  const file = { roomId: room.id, name, userId: author.userId };
  const command = fileMessage(form, kind, uploadPath(room.id, name));
  const outcome = await room.post(author, command).catch(async (error) => {
    await discardUpload(file, deps);
    throw error;
  });
  // The message was said before, with the file that came then.
  if (outcome.isRepeated) await discardUpload(file, deps);
  const sent = { author, command, outcome };
  return c.json({
    success: true,
    message: await sentMessage(room.id, sent, deps),
    upload_info: { file_name: form.fileName, file_size: bytes.length },
  });
}

function fileMessage(
  { content, fileName, clientMsgId }: UploadForm,
  kind: FileKind,
  fileUrl: string,
): ChatCommand {
  return {
    type: "chat",
    content,
    messageType: kind,
    fileUrl,
    ...(fileName === "" ? {} : { fileName }),
    ...(clientMsgId === undefined ? {} : { clientMsgId }),
  };
}

function headersOf(file: ServedFile, name: string): Record<string, string> {
  const { bytes, contentType, isShown, range } = file;
  const from = range?.from ?? 0;
  const to = range?.to ?? bytes - 1;
  return {
    "Content-Type": contentType,
    "Content-Length": String(to - from + 1),
    "Content-Disposition": `${
      isShown ? "inline" : "attachment"
    }; filename="${name}"`,
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
    // The name is never another file's; who may see it may change.
    "Cache-Control": "private, max-age=3600, immutable",
    ...(range === undefined
      ? {}
      : { "Content-Range": `bytes ${from}-${to}/${bytes}` }),
  };
}
