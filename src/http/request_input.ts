/**
 * What a request says, checked by a schema before anything acts on it.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import type { z } from "zod";
import { ChatError } from "../wire/errors.ts";
import { BODY_BYTES_MAX, bodyText } from "./body_text.ts";

/** Most problems that one refusal names, and most characters it has. */
const PROBLEMS_MAX = 5;
const MESSAGE_CHARS_MAX = 500;

/**
 * The body of a request, whatever its content type says.
 *
 * @throws {ChatError} `body_too_large`, `bad_json`, or `bad_request`, naming
 * the fields.
 */
export async function readBody<Value>(
  c: Context,
  schema: z.ZodType<Value, unknown>,
  bytesMax = BODY_BYTES_MAX,
): Promise<Value> {
  return accept(parseJson(await bodyText(c, bytesMax)), schema);
}

/** As {@linkcode readBody}, where no body at all counts as `{}`. */
export async function readOptionalBody<Value>(
  c: Context,
  schema: z.ZodType<Value, unknown>,
): Promise<Value> {
  const text = await bodyText(c, BODY_BYTES_MAX);
  return accept(text.trim() === "" ? {} : parseJson(text), schema);
}

/**
 * The query of a request. Parameters that the schema does not name are
 * ignored; of a repeated one the first counts.
 *
 * @throws {ChatError} `bad_request`, naming the parameters.
 */
export function readQuery<Value>(
  c: Context,
  schema: z.ZodType<Value, unknown>,
): Value {
  return accept(c.req.query(), schema);
}

/**
 * A segment of the path, percent-decoded.
 *
 * @throws {ChatError} `bad_request`, naming it.
 */
export function readParam<Value>(
  c: Context,
  name: string,
  schema: z.ZodType<Value, unknown>,
): Value {
  const parsed = schema.safeParse(c.req.param(name));
  if (parsed.success) return parsed.data;
  throw badRequest(parsed.error, [name]);
}

/** @throws {ChatError} `bad_json`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ChatError("bad_json");
  }
}

/**
 * A value that fits a schema.
 *
 * @throws {ChatError} `bad_request`, naming the fields that do not.
 */
export function accept<Value>(
  value: unknown,
  schema: z.ZodType<Value, unknown>,
): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badRequest(parsed.error, []);
}

function badRequest(error: z.ZodError, under: PropertyKey[]): ChatError {
  const problems = error.issues.slice(0, PROBLEMS_MAX).map((issue) => {
    const field = [...under, ...issue.path].map(String).join(".");
    return `Invalid ${field === "" ? "request" : field}: ${issue.message}`;
  });
  const message = problems.join("; ").slice(0, MESSAGE_CHARS_MAX);
  return new ChatError("bad_request", { message: message.toWellFormed() });
}
