/**
 * Which language a page speaks: the one that was chosen, else the browser's.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import { cookieOf } from "../../identity/cookie_header.ts";
import { EN } from "../../web/words_en.ts";
import { ZH } from "../../web/words_zh.ts";
import type { Words } from "../../web/words_en.ts";

/** The cookie that keeps a choice. */
export const LANGUAGE_COOKIE = "parlor_lang";

/** Languages by the tag that `<html lang>` has. */
export const LANGUAGES = { en: EN, "zh-CN": ZH } as const;

export type Language = keyof typeof LANGUAGES;

/** What a page says, and in which language. */
export interface Speech {
  readonly language: Language;
  readonly words: Words;
}

/** The speech of the page that a request asks for. */
export function speechOf(c: Context): Speech {
  const chosen = cookieOf(c.req.header("Cookie"), LANGUAGE_COOKIE);
  const language = languageOf(chosen) ??
    acceptedLanguage(c.req.header("Accept-Language") ?? "");
  return { language, words: LANGUAGES[language] };
}

/** A language by its tag or the first part of it; `undefined` is none of ours. */
export function languageOf(tag: string | undefined): Language | undefined {
  const [primary] = (tag ?? "").toLowerCase().split("-");
  if (primary === "en") return "en";
  return primary === "zh" ? "zh-CN" : undefined;
}

/** The language that an `Accept-Language` header likes best; English else. */
export function acceptedLanguage(header: string): Language {
  const liked = header.split(",").map((part) => {
    const [tag = "", ...parameters] = part.trim().split(";");
    const quality = parameters.map((one) => /^ *q=([\d.]+)$/.exec(one)?.[1])
      .find((value) => value !== undefined);
    return { language: languageOf(tag), quality: Number(quality ?? 1) };
  });
  const known = liked.filter(({ language, quality }) =>
    language !== undefined && quality > 0
  );
  // The sort is stable: of two liked equally, the first stays first.
  known.sort((one, other) => other.quality - one.quality);
  return known[0]?.language ?? "en";
}
