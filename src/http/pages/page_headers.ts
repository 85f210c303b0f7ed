/**
 * What every page says to the browser about itself.
 *
 * No script and no style stands in a page, so a text that slipped through
 * unescaped would still run nothing.
 *
 * @module
 */

import type { MiddlewareHandler } from "@hono/hono";
import type { Context } from "@hono/hono";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Sets the headers on each answer that has not set them itself. */
export function pageHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set(
      "Content-Security-Policy",
      `${POLICY}; connect-src ${connectSources(c)}`,
    );
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  };
}

/** Older browsers do not take `'self'` for a WebSocket of the same host. */
function connectSources(c: Context): string {
  const host = c.req.header("Host") ?? "";
  const isHost = /^[\w.\-:[\]]+$/.test(host);
  return isHost ? `'self' ws://${host} wss://${host}` : "'self'";
}
