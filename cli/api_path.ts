/**
 * Paths of the API with ids in them.
 *
 * @module
 */

import { CliError } from "./cli_error.ts";

/**
 * The path of a room, or of something under it.
 *
 * @throws {CliError} for `.` and `..`, which a URL cannot carry as an id: it
 * takes them for the folder itself and the one above, encoded or not.
 */
export function roomPath(roomId: string, ...rest: string[]): string {
  const parts = [roomId, ...rest].map((part) => {
    if (part === "." || part === "..") {
      throw new CliError(`Cannot name "${part}" in a URL`);
    }
    return encodeURIComponent(part);
  });
  return `/management/rooms/${parts.join("/")}`;
}

/** A path with those of the parameters that are set. */
export function withQuery(
  path: string,
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? path : `${path}?${query}`;
}
