/**
 * A request's body as text, read up to a bound.
 *
 * Hono's own body limit hands on a rebuilt `Request`, which makes Deno print a
 * warning about its abort signal into the log; so the bound is kept here.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import { ChatError } from "../wire/errors.ts";

/** Most bytes of a body, unless a route says less. */
export const BODY_BYTES_MAX = 2 ** 20;

/**
 * Reads the body. What comes past the bound is not read.
 *
 * @throws {ChatError} `body_too_large`, or `bad_json` when it is not UTF-8.
 */
export async function bodyText(c: Context, bytesMax: number): Promise<string> {
  const announced = Number(c.req.header("Content-Length") ?? 0);
  if (announced > bytesMax) throw new ChatError("body_too_large");
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  let text = "";
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new ChatError("body_too_large");
    text += decoded(decoder, chunk);
  }
  return text + decoded(decoder);
}

/** The text of a chunk, or what is left at the end. */
function decoded(
  decoder: TextDecoder,
  chunk?: Uint8Array<ArrayBuffer>,
): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    throw new ChatError("bad_json");
  }
}
