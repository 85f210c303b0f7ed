/**
 * Where a page may send a browser on a word of the request: to itself.
 *
 * @module
 */

/** Most characters of a way back. */
const PATH_CHARS_MAX = 1024;

/**
 * The path, or `fallback` where it leads anywhere but to this server. A second
 * slash or a backslash after the first would name another host.
 */
export function safePath(path: string | undefined, fallback: string): string {
  if (path === undefined || path.length > PATH_CHARS_MAX) return fallback;
  const isOwn = /^\/(?![/\\])/.test(path) && !/[\p{Cc}\\]/u.test(path);
  return isOwn ? path : fallback;
}
