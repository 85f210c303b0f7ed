/**
 * A room's id and its name: one made of the other, both ways.
 *
 * @module
 */

import type { Ids } from "../../base/ids.ts";
import { ROOM_ID_CHARS_MAX } from "../../wire/limits.ts";

/** Digits of a random number behind an id. */
const RANDOM_DIGITS = 8;

/** Characters of an id that are kept for a hyphen and a number behind it. */
const TAIL_CHARS = RANDOM_DIGITS + 1;

/** What cannot stand in a path, or would be read as part of a URL. */
const UNFIT = /[\s_/\\?#%\p{Cc}\p{Cs}]/gu;

/**
 * The id that a room of a name has: in lower case, with `-` for spaces and
 * underscores (COMPAT 0.4), and for what a path cannot carry.
 *
 * @returns `undefined` when no id can be made of it: it is too long, or a dot
 * or two, which a browser takes out of a path.
 */
export function slugOf(name: string): string | undefined {
  const slug = name.trim().toLowerCase().replace(UNFIT, "-");
  const isPath = slug !== "" && slug !== "." && slug !== "..";
  const isShort = slug.length <= ROOM_ID_CHARS_MAX - TAIL_CHARS;
  return isPath && isShort ? slug : undefined;
}

/** Another id for the same name, that nobody can have had. */
export function randomSibling(slug: string, ids: Pick<Ids, "uuid">): string {
  return `${slug}-${ids.uuid().slice(0, RANDOM_DIGITS)}`;
}

/** Whether an id may have been made so. */
export function isRandomSibling(slug: string, roomId: string): boolean {
  const isLong = roomId.length === slug.length + TAIL_CHARS;
  return isLong && roomId.startsWith(`${slug}-`) &&
    /-[0-9a-f]{8}$/.test(roomId);
}

/** A name for a room that has none: its id in words, each capitalised. */
export function titleOf(roomId: string): string {
  return roomId.replaceAll("-", " ").replace(
    /\p{L}+/gu,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
}
