/**
 * What the page says, in the language that it was made in.
 *
 * @module
 */
/// <reference lib="dom" />

import { EN, type Words } from "./words_en.ts";
import { ZH } from "./words_zh.ts";

/** The page's texts. */
export const words: Words = document.documentElement.lang === "zh-CN" ? ZH : EN;
