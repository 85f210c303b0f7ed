/**
 * Kinds of setting: how the text of an environment variable becomes a value.
 *
 * Each kind is a zod schema that carries, in {@linkcode settingFacts}, what a
 * person wants to know about it. The refusal of a bad value and the tables of
 * README and `config check` are all made from these facts, so they agree.
 *
 * @module
 */

// deno-lint-ignore-file explicit-module-boundary-types -- zod infers them.

import { z } from "zod";

/** What a person wants to know about one setting. */
export interface SettingFacts {
  /** The value when the variable is unset, as text. */
  readonly fallback: string;
  /** What is accepted: the end of "want …". */
  readonly want: string;
  readonly meaning: string;
  /** Whether the value must never be shown. */
  readonly secret?: boolean;
}

/** The facts of every schema that this file makes. */
export const settingFacts = z.registry<SettingFacts>();

/** A whole number in `min..max`, both included. */
export function integer(
  fallback: number,
  [min, max]: readonly [number, number],
  meaning: string,
) {
  return optionalInteger(`${fallback}`, [min, max], meaning)
    .default(fallback)
    .register(settingFacts, integerFacts(`${fallback}`, [min, max], meaning));
}

/** As {@linkcode integer}, for a fallback that other settings decide. */
export function optionalInteger(
  fallback: string,
  [min, max]: readonly [number, number],
  meaning: string,
) {
  return z.string().regex(/^\d{1,15}$/).transform(Number)
    .pipe(z.int().min(min).max(max))
    .optional()
    .register(settingFacts, integerFacts(fallback, [min, max], meaning));
}

const YES = ["true", "1", "yes"];
const NO = ["false", "0", "no"];

/** Yes or no. */
export function flag(fallback: boolean, meaning: string) {
  const words = [...YES, ...NO];
  return z.string().toLowerCase()
    .pipe(z.enum(words))
    .transform((word) => YES.includes(word))
    .default(fallback)
    .register(settingFacts, {
      fallback: `${fallback}`,
      want: words.join("|"),
      meaning,
    });
}

/** One of a few words; `fallback` may also be a sentence, for a word that depends. */
export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
  fallback: string,
  meaning: string,
) {
  return z.enum(words).optional()
    .register(settingFacts, { fallback, want: words.join("|"), meaning });
}

/** A secret of at least `charsMin` characters. */
export function secret(charsMin: number, fallback: string, meaning: string) {
  return z.string().min(charsMin).optional()
    .register(settingFacts, {
      fallback,
      want: `at least ${charsMin} characters`,
      meaning,
      secret: true,
    });
}

/** A path of the file system. */
export function path(fallback: string, meaning: string) {
  return z.string().refine((text) => !text.includes("\0")).optional()
    .register(settingFacts, { fallback, want: "a path", meaning });
}

/** An absolute http or https address, without a trailing slash. */
export function httpUrl(fallback: string, meaning: string) {
  return z.url({ protocol: /^https?$/ })
    .transform((text) => text.replace(/\/+$/, ""))
    .optional()
    .register(settingFacts, {
      fallback,
      want: "a URL that begins with http:// or https://",
      meaning,
    });
}

/** A comma list of web origins. */
export function origins(meaning: string) {
  return z.string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(z.string().transform(readOrigin)))
    .default([])
    .register(settingFacts, {
      fallback: "",
      want: "a comma list of origins such as https://chat.example.com",
      meaning,
    });
}

function readOrigin(text: string, context: z.RefinementCtx): string {
  const url = URL.parse(text);
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  const isBare = url?.pathname === "/" && url.search === "" &&
    url.hash === "" && url.username === "" && !text.endsWith("?") &&
    !text.endsWith("#");
  if (isWeb && isBare) return url.origin;
  context.addIssue({ code: "custom", message: "not an origin" });
  return z.NEVER;
}

/** Where a server listens. An IPv6 host has no brackets here. */
export interface BindAddress {
  readonly host: string;
  readonly port: number;
}

const BIND_ADDRESS = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/;

/** `host:port`, where an IPv6 host is in brackets. */
export function bindAddress(fallback: string, meaning: string) {
  return z.string().default(fallback)
    .transform((text, context): BindAddress => {
      const [, six, name, digits] = BIND_ADDRESS.exec(text) ?? [];
      const host = six ?? name;
      const port = Number(digits);
      if (host !== undefined && port <= 65_535) return { host, port };
      context.addIssue({ code: "custom", message: "not an address" });
      return z.NEVER;
    })
    .register(settingFacts, {
      fallback,
      want: "host:port such as 0.0.0.0:3000 or [::1]:3000",
      meaning,
    });
}

const SQLITE_URL =
  /^sqlite:(?:\/\/([^?\0]+)|(?!\/\/)([^?\0]+))(?:\?mode=rwc)?$/;

/** The file of a SQLite database, or `undefined` for one in memory. */
export function sqliteUrl(fallback: string, meaning: string) {
  return z.string().regex(SQLITE_URL).default(fallback)
    .transform((text) => {
      const [, afterSlashes, bare] = SQLITE_URL.exec(text) ?? [];
      const file = afterSlashes ?? bare;
      return file === ":memory:" ? { file: undefined } : { file };
    })
    .register(settingFacts, {
      fallback,
      want: "sqlite::memory: or sqlite:<file>",
      meaning,
    });
}

function integerFacts(
  fallback: string,
  [min, max]: readonly [number, number],
  meaning: string,
): SettingFacts {
  return { fallback, want: `an integer in ${min}..${max}`, meaning };
}
