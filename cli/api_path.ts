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
  return pathOf("/management/rooms", [roomId, ...rest]);
}

/**
 * The path of a device, or of something under it.
 *
 * @throws {CliError} as {@linkcode roomPath}.
 */
export function devicePath(deviceId: string, ...rest: string[]): string {
  return pathOf("/management/devices", [deviceId, ...rest]);
}

/**
 * The path of a live room, or of something under it.
 *
 * @throws {CliError} as {@linkcode roomPath}.
 */
export function livePath(liveId: string, ...rest: string[]): string {
  return pathOf("/api/live", [liveId, ...rest]);
}

/**
 * The path of a live room's socket.
 *
 * @throws {CliError} as {@linkcode roomPath}.
 */
export function liveSocketPath(liveId: string): string {
  return pathOf("/ws/live", [liveId]);
}

/**
 * The path of why a room would end.
 *
 * @throws {CliError} as {@linkcode roomPath}.
 */
export function cleanupPath(roomId: string): string {
  return pathOf("/management/cleanup", [roomId]);
}

function pathOf(base: string, parts: readonly string[]): string {
  const encoded = parts.map((part) => {
    if (part === "." || part === "..") {
      throw new CliError(`Cannot name "${part}" in a URL`);
    }
    return encodeURIComponent(part);
  });
  return `${base}/${encoded.join("/")}`;
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
