/**
 * Which page says why a room cannot be shown.
 *
 * @module
 */

/** The kinds that the seed's error page knows (COMPAT 0.4). */
export const ROOM_ERRORS = [
  "not_found",
  "ended",
  "no_permission",
  "general",
] as const;

export type RoomErrorKind = (typeof ROOM_ERRORS)[number];

/** The kind of error page for an HTTP status; `undefined` is no such answer. */
export function errorKind(status: number): RoomErrorKind | undefined {
  switch (status) {
    case 403:
      return "no_permission";
    case 404:
      return "not_found";
    case 410:
      return "ended";
    default:
      return undefined;
  }
}

/** Where that page is. */
export function errorPath(kind: string, roomId: string): string {
  return `/tools/chat-room-error/${kind}/${encodeURIComponent(roomId)}/`;
}
