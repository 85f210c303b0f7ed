/**
 * The operator's key, asked for before a route is even looked up.
 *
 * @module
 */

import type { MiddlewareHandler } from "@hono/hono";
import type { ApiKey } from "../identity/api_key.ts";
import { ChatError } from "../wire/errors.ts";

/** Lets a request through only with the key in `X-Api-Key`. */
export function requireApiKey(key: ApiKey): MiddlewareHandler {
  return async (c, next) => {
    if (!key.matches(c.req.header("X-Api-Key"))) {
      throw new ChatError("unauthorized");
    }
    await next();
  };
}

/**
 * As {@linkcode requireApiKey}, with `Authorization: Bearer` as another way:
 * scrapers of metrics cannot all send a header of our choice.
 */
export function requireApiKeyOrBearer(key: ApiKey): MiddlewareHandler {
  return async (c, next) => {
    const bearer = /^Bearer +(\S+) *$/i.exec(
      c.req.header("Authorization") ?? "",
    );
    const isKnown = key.matches(c.req.header("X-Api-Key")) ||
      key.matches(bearer?.[1]);
    if (!isKnown) throw new ChatError("unauthorized");
    await next();
  };
}
