/**
 * Why a room cannot be shown, as the seed's error page names it (COMPAT 0.4).
 *
 * @module
 */

import { errorKind, type RoomErrorKind } from "../../web/room_error.ts";
import { ChatError, errorRow } from "../../wire/errors.ts";

/** The kind of a refusal; a failure of ours is thrown on. */
export function roomErrorKind(cause: unknown): RoomErrorKind {
  if (!(cause instanceof ChatError)) throw cause;
  return errorKind(errorRow(cause.code).status) ?? "general";
}
