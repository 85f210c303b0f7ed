/**
 * Reads one cookie of a request.
 *
 * @module
 */

import { parse } from "@hono/hono/utils/cookie";

/**
 * The value of a cookie by its name, in the text of a `Cookie` header; the
 * first of several.
 */
export function cookieOf(
  header: string | null | undefined,
  name: string,
): string | undefined {
  return parse(header ?? "", name)[name];
}
