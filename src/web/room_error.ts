/**
 * Which page says why a room cannot be shown.
 *
 * @module
 */

/** The kind of error page for an HTTP status; `undefined` is no such answer. */
export function errorKind(status: number): string | undefined {
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
