/**
 * Whether a browser's request comes from a page of this server's own, for
 * whatever a cookie alone would allow.
 *
 * @module
 */

/** What a request says of where it comes from; `null` is a missing header. */
export interface RequestSource {
  /** `Origin`. */
  readonly origin: string | null;
  /** `Sec-Fetch-Site`. */
  readonly fetchSite: string | null;
  /** `Host`. */
  readonly host: string | null;
}

/**
 * Whether the source may act by a cookie: a page of this host, one of an
 * allowed origin, or what is no browser. A star among the allowed origins opens
 * no cookies, since any page could then act as whoever is logged in.
 */
export function isSameSite(
  { origin, fetchSite, host }: RequestSource,
  allowedOrigins: readonly string[],
): boolean {
  if (origin !== null) {
    return isOwnOrigin(origin, host) || isListed(origin, allowedOrigins);
  }
  if (fetchSite === null) return true;
  return fetchSite === "same-origin" || fetchSite === "none";
}

/** Whether an origin is the very host, with its port, that was asked. */
export function isOwnOrigin(
  origin: string | null,
  host: string | null,
): boolean {
  const from = URL.parse(origin ?? "");
  if (from === null || from.host === "" || host === null) return false;
  // Read as the origin's scheme would, so that its own port may be left out.
  return URL.parse(`${from.protocol}//${host}`)?.host === from.host;
}

function isListed(origin: string, allowed: readonly string[]): boolean {
  const wanted = origin.toLowerCase();
  return allowed.some((one) => one.toLowerCase() === wanted);
}
