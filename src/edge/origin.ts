/**
 * Which pages may open a connection.
 *
 * Only browsers send `Origin` (RFC 6455 §10.2): a request without one is not a
 * page's.
 *
 * @module
 */

import { isOwnOrigin, isSameSite } from "../identity/same_site.ts";
import { ChatError } from "../wire/errors.ts";

/** Whether a request's origin is allowed; an empty list allows any. */
export function isOriginAllowed(
  origin: string | null,
  allowed: readonly string[],
): boolean {
  if (allowed.length === 0 || origin === null) return true;
  const wanted = origin.toLowerCase();
  return allowed.some((one) => one === "*" || one.toLowerCase() === wanted);
}

/** Whether a request comes from a page that this server itself has served. */
export function isOwnPage(request: Request): boolean {
  return isOwnOrigin(request.headers.get("origin"), hostOf(request));
}

/** Whether a cookie may speak for the sender of a request. */
export function mayUseCookie(
  request: Request,
  allowed: readonly string[],
): boolean {
  const { headers } = request;
  const source = {
    origin: headers.get("origin"),
    fetchSite: headers.get("sec-fetch-site"),
    host: hostOf(request),
  };
  return isSameSite(source, allowed);
}

/**
 * Requires that a cookie may speak for the sender of a request.
 *
 * @throws ChatError `cross_site_refused`.
 */
export function requireSameSite(
  request: Request,
  allowed: readonly string[],
): void {
  if (mayUseCookie(request, allowed)) return;
  throw new ChatError("cross_site_refused");
}

function hostOf(request: Request): string {
  return request.headers.get("host") ?? new URL(request.url).host;
}
