/**
 * Every failure of the routes of live rooms as the reference's clients read
 * it (COMPAT 4.2): `{"success": false, "message", "code", …}`.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import type { ContentfulStatusCode } from "@hono/hono/utils/http-status";
import type { Log } from "../base/log.ts";
import { ChatError } from "../wire/errors.ts";
import { errorResponse, refusalCode } from "./error_response.ts";

/** Under which name a request remembers what stands before its failure. */
const FAILURE_KEY = "liveFailure";

/** Says what stands before the reason, if this request fails from here on. */
export function failAs(c: Context, before: string): void {
  c.set(FAILURE_KEY, before);
}

/** Answers with what was thrown, logged once if it is not the caller's. */
export function liveError(c: Context, cause: unknown, log: Log): Response {
  const { status } = errorResponse(c, cause, log);
  const code = refusalCode(c) ?? "internal";
  const error = cause instanceof ChatError ? cause : new ChatError(code);
  const before: string = c.get(FAILURE_KEY) ?? "";
  const { retryAfterMs } = error;
  return c.json({
    success: false,
    ...(code === "live_not_found" ? { exists: false } : {}),
    message: before + error.message,
    code,
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
  }, status as ContentfulStatusCode);
}
