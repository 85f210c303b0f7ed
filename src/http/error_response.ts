/**
 * Every failure as a response: `{"error", "code", "retry_after_ms"?}`.
 *
 * Only a {@linkcode ChatError} is shown as it is. The database's own words
 * and those of a bug may hold paths and statements; they go to the log.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import type { ContentfulStatusCode } from "@hono/hono/utils/http-status";
import type { Log } from "../base/log.ts";
import { ChatError, type ErrorCode, errorRow } from "../wire/errors.ts";
import { StoreError } from "../store/store.ts";

/** Under which name a request remembers the code that it was answered with. */
const CODE_KEY = "errorCode";

/** The code that a request was refused with, if it was. */
export function refusalCode(c: Context): ErrorCode | undefined {
  return c.get(CODE_KEY);
}

/** Answers with what was thrown, logged once if it is not the caller's. */
export function errorResponse(
  c: Context,
  cause: unknown,
  log: Log,
): Response {
  const error = cause instanceof ChatError ? cause : blame(c, cause, log);
  c.set(CODE_KEY, error.code);
  const { retryAfterMs } = error;
  const body = {
    error: error.message,
    code: error.code,
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
  };
  if (retryAfterMs !== undefined) {
    c.header("Retry-After", String(Math.ceil(retryAfterMs / 1000)));
  }
  const status = errorRow(error.code).status;
  return c.json(body, status as ContentfulStatusCode);
}

function blame(c: Context, cause: unknown, log: Log): ChatError {
  // The query is left out: it may hold a token.
  const request = { method: c.req.method, path: c.req.path };
  if (cause instanceof StoreError) {
    log.warn("The database could not answer a request", {
      event: "http_store_failed",
      failure: cause.failure,
      ...request,
    });
    return new ChatError("storage_unavailable");
  }
  log.error("A request ended in a bug", {
    event: "http_request_failed",
    cause: cause instanceof Error ? cause.stack ?? cause.message : cause,
    ...request,
  });
  return new ChatError("internal");
}
