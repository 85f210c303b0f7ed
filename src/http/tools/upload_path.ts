/**
 * Where an uploaded file is found (COMPAT 0.4).
 *
 * @module
 */

/** The path of a file of a room. */
export function uploadPath(roomId: string, name: string): string {
  return `${folderOf(roomId)}${name}`;
}

/** The name of the room's file that a URL leads to, if it leads to one. */
export function uploadName(
  roomId: string,
  fileUrl: string,
): string | undefined {
  const folder = folderOf(roomId);
  return fileUrl.startsWith(folder) ? fileUrl.slice(folder.length) : undefined;
}

function folderOf(roomId: string): string {
  return `/tools/uploads/${encodeURIComponent(roomId)}/`;
}
