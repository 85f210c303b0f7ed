/**
 * Where a message's file may be.
 *
 * Readers' browsers follow it, so it is an http(s) URL or a path of this
 * server. A second slash, or a backslash, which browsers read as one, would
 * make a path lead to another host; browsers also drop control characters
 * before they look.
 *
 * @module
 */

import { FILE_URL_CHARS_MAX } from "./limits.ts";
import { shortText, type TextSchema } from "./text.ts";

/** A schema for a message's `file_url`; an empty one is no file. */
export function fileUrlText(): TextSchema {
  return shortText(FILE_URL_CHARS_MAX).refine(
    (url) => url === "" || isFileUrl(url),
    "want an http(s) URL, or a path that begins with one slash",
  );
}

/** Whether a text is an http(s) URL or a path of this server. */
export function isFileUrl(url: string): boolean {
  if (/[\p{Cc}\\]/u.test(url)) return false;
  if (url.startsWith("/")) return !url.startsWith("//");
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
