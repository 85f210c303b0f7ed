/**
 * Why a room cannot be shown, as the seed's error page names it (COMPAT 0.4).
 *
 * @module
 */

import { ChatError, errorRow } from "../../wire/errors.ts";

/** The kinds that the page knows. */
export const ROOM_ERRORS = [
  "not_found",
  "ended",
  "no_permission",
  "general",
] as const;

export type RoomErrorKind = (typeof ROOM_ERRORS)[number];

/** The kind of a refusal; a failure of ours is thrown on. */
export function roomErrorKind(cause: unknown): RoomErrorKind {
  if (!(cause instanceof ChatError)) throw cause;
  switch (errorRow(cause.code).status) {
    case 403:
      return "no_permission";
    case 404:
      return "not_found";
    case 410:
      return "ended";
    default:
      return "general";
  }
}
