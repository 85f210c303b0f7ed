/**
 * Takes a file back that no message leads to.
 *
 * @module
 */

import type { ToolsDeps } from "./tools_deps.ts";

/** A file, and who brought it. */
export interface OwnUpload {
  readonly roomId: string;
  readonly name: string;
  readonly userId: string;
}

/**
 * Removes a user's own file. What the room was asked is done by then, so a disk
 * that fails is logged and not answered: the file goes when its room is purged.
 */
export async function discardUpload(
  { roomId, name, userId }: OwnUpload,
  { log, uploads }: Pick<ToolsDeps, "log" | "uploads">,
): Promise<void> {
  try {
    await uploads.discard(roomId, name, userId);
  } catch (cause) {
    const event = "upload_not_discarded";
    log.warn("A file could not be removed", { event, room: roomId, cause });
  }
}
