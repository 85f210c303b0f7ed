/**
 * What a client of the seed's API sends: JSON, or a form of either encoding,
 * or nothing at all.
 *
 * A body that does not say what it is counts as JSON, as the seed's page sends
 * it. Values of a form are text; of a repeated name the last counts.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import type { z } from "zod";
import { ChatError } from "../../wire/errors.ts";
import { BODY_BYTES_MAX, bodyText } from "../body_text.ts";
import { accept, parseJson } from "../request_input.ts";

/**
 * The fields of a body; of none at all, no fields.
 *
 * @throws {ChatError} `body_too_large`, `bad_json`, or `bad_request`, naming
 * the fields.
 */
export async function readFields<Value>(
  c: Context,
  schema: z.ZodType<Value, unknown>,
): Promise<Value> {
  const text = await bodyText(c, BODY_BYTES_MAX);
  return accept(await fieldsOf(text, contentTypeOf(c)), schema);
}

async function fieldsOf(text: string, type: string): Promise<unknown> {
  if (text.trim() === "") return {};
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  if (/^multipart\/form-data\b/i.test(type)) return await formOf(text, type);
  return parseJson(text);
}

function contentTypeOf(c: Context): string {
  return c.req.header("Content-Type") ?? "";
}

async function formOf(text: string, type: string): Promise<unknown> {
  const sent = new Response(text, { headers: { "Content-Type": type } });
  try {
    return Object.fromEntries(await sent.formData());
  } catch {
    throw new ChatError("bad_request", { message: "Cannot read the form" });
  }
}
