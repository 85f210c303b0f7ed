/**
 * A form with one file, read up to the bound that was announced.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import { z } from "zod";
import type { FileKind } from "../../upload/file_format.ts";
import { ChatError } from "../../wire/errors.ts";
import {
  CLIENT_MSG_ID_CHARS_MAX,
  FILE_NAME_CHARS_MAX,
} from "../../wire/limits.ts";
import { boundedText, trimmedText } from "../../wire/text.ts";
import { accept } from "../request_input.ts";
import { type Expected, timelyBody } from "./timely_body.ts";

/** What a form may say, and how long it may take. */
export interface FormBounds extends Expected {
  readonly contentCharsMax: number;
}

/** What a form says. */
export interface UploadForm {
  readonly file: File;
  /**
   * The sender's name for it, without folders, cut at the bound: that of the
   * field `file_name`, and else of the file. The runtime reads the latter no
   * further than to a `;` or a `=`.
   */
  readonly fileName: string;
  readonly content: string;
  readonly clientMsgId?: string;
}

/**
 * How many bytes a request announces.
 *
 * @throws {ChatError} `bad_request` when it does not: memory is set aside
 * before the body is read.
 */
export function announcedBytes(c: Context): number {
  const text = c.req.header("Content-Length") ?? "";
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new ChatError("bad_request", { message: "Content-Length is missing" });
}

/**
 * Reads the form of an upload; the file is in the field named as its kind.
 *
 * @throws {ChatError} `bad_request`, or `busy` when it comes too slowly.
 */
export async function readUpload(
  c: Context,
  kind: FileKind,
  { contentCharsMax, ...expected }: FormBounds,
): Promise<UploadForm> {
  const form = await formOf(c, expected);
  const file = form.get(kind);
  if (!(file instanceof File)) {
    const message = `The form has no file in its field ${kind}`;
    throw new ChatError("bad_request", { message });
  }
  const fields = z.object({
    content: trimmedText(contentCharsMax).nullish(),
    client_msg_id: boundedText(CLIENT_MSG_ID_CHARS_MAX).nullish(),
    file_name: z.string().nullish(),
  });
  const said = accept({
    content: form.get("content"),
    client_msg_id: form.get("client_msg_id"),
    file_name: form.get("file_name"),
  }, fields);
  const clientMsgId = said.client_msg_id ?? undefined;
  return {
    file,
    fileName: plainName(said.file_name ?? unescaped(file.name)),
    content: said.content ?? "",
    ...(clientMsgId === undefined ? {} : { clientMsgId }),
  };
}

async function formOf(c: Context, expected: Expected): Promise<FormData> {
  const { body } = c.req.raw;
  const type = c.req.header("Content-Type") ?? "";
  try {
    const timely = body && ReadableStream.from(timelyBody(body, expected));
    const sent = new Response(timely, { headers: { "Content-Type": type } });
    return await sent.formData();
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    const message = "Cannot read the form: want multipart/form-data";
    throw new ChatError("bad_request", { message });
  }
}

/**
 * A file's name as it was before it was put into the form: browsers escape with
 * a percent sign, other clients with a backslash. What the runtime cut off in
 * the middle begins with a quote.
 */
function unescaped(name: string): string {
  return name.replace(/^"(.*?)"?$/s, "$1").replaceAll('\\"', '"')
    .replaceAll(/%(?:22|0D|0A)/gi, decodeURIComponent);
}

function plainName(name: string): string {
  const last = name.toWellFormed().replace(/^.*[/\\]/s, "");
  return last.replaceAll(/\p{Cc}/gu, "").slice(0, FILE_NAME_CHARS_MAX)
    .toWellFormed();
}
