/**
 * Which pages may open a connection.
 *
 * Only browsers send `Origin` (RFC 6455 §10.2): a request without one is not a
 * page's.
 *
 * @module
 */

/** Whether a request's origin is allowed; an empty list allows any. */
export function isOriginAllowed(
  origin: string | null,
  allowed: readonly string[],
): boolean {
  if (allowed.length === 0 || origin === null) return true;
  const wanted = origin.toLowerCase();
  return allowed.some((one) => one === "*" || one.toLowerCase() === wanted);
}
