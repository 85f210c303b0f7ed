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
import { hostEntryFault } from "./base/host_list.ts";
import { secretFault } from "./base/webhook_secret.ts";

/** What a person wants to know about one setting. */
export interface SettingFacts {
  /** The value when the variable is unset, as text. */
  readonly fallback: string;
  /** What is accepted: the end of "want …". */
  readonly want: string;
  readonly meaning: string;
  /** Whether the value must never be shown. */
  readonly secret?: boolean;
  /** Whether the value is one URL, of which some parts must not be shown. */
  readonly url?: boolean;
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

const HTTP = /^https?$/;
const SOCKET = /^wss?$/;

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

/** A share from 0 to 1, such as 0.1. */
export function share(fallback: number, meaning: string) {
  return z.string().regex(/^\d(?:\.\d{1,6})?$/).transform(Number)
    .pipe(z.number().min(0).max(1))
    .default(fallback)
    .register(settingFacts, {
      fallback: `${fallback}`,
      want: "a number from 0 to 1 such as 0.1",
      meaning,
    });
}

/** One line of visible ASCII, at most 500 characters. */
export function line(fallback: string, meaning: string) {
  return z.string().regex(/^[\x20-\x7e]{1,500}$/).default(fallback)
    .register(settingFacts, {
      fallback,
      want: "1 to 500 characters of ASCII",
      meaning,
    });
}

/** A path of the file system. */
export function path(fallback: string, meaning: string) {
  return z.string().refine((text) => !text.includes("\0")).optional()
    .register(settingFacts, { fallback, want: "a path", meaning });
}

/** An absolute http or https address, without a trailing slash. */
export function httpUrl(fallback: string, meaning: string) {
  return z.url({ protocol: HTTP })
    .transform((text) => text.replace(/\/+$/, ""))
    .optional()
    .register(settingFacts, urlFacts(fallback, meaning));
}

/** An address that is posted to: as given, for its last slash may matter. */
export function callbackUrl(meaning: string) {
  return z.url({ protocol: HTTP }).optional()
    .register(settingFacts, urlFacts("unset", meaning));
}

/** An address of WebSockets. */
export function socketUrl(fallback: string, meaning: string) {
  return z.url({ protocol: SOCKET }).default(fallback)
    .register(settingFacts, {
      ...urlFacts(fallback, meaning),
      want: "a URL that begins with ws:// or wss://",
    });
}

/** A comma list of web origins. */
export function origins(meaning: string) {
  return z.string().transform(listOf)
    .pipe(z.array(z.string().transform(readOrigin)))
    .default([])
    .register(settingFacts, {
      fallback: "",
      want: "a comma list of origins such as https://chat.example.com",
      meaning,
    });
}

/** A comma list of hosts, as `base/host_list.ts` reads them. */
export function hostList(meaning: string) {
  return checkedList(hostEntryFault).register(settingFacts, {
    fallback: "",
    want: "a comma list of host, host:port or *.domain",
    meaning,
  });
}

/** A comma list of secrets, as `base/webhook_secret.ts` reads them. */
export function secretList(meaning: string) {
  return checkedList(secretFault).register(settingFacts, {
    fallback: "unset",
    want:
      "a comma list of secrets: 16 characters or more, or whsec_ and base64",
    meaning,
    secret: true,
  });
}

/** @param faultOf what is wanted in place of an entry, if anything. */
function checkedList(faultOf: (entry: string) => string | undefined) {
  return z.string().transform(listOf)
    .superRefine((entries, context) => {
      for (const [index, entry] of entries.entries()) {
        const fault = faultOf(entry);
        if (fault === undefined) continue;
        const want = entries.length === 1
          ? fault
          : `${fault} in entry ${index + 1}`;
        context.addIssue({ code: "custom", params: { want } });
      }
    })
    .default([]);
}

function listOf(text: string): string[] {
  return text.split(",").map((part) => part.trim());
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
    .transform(readAddress)
    .register(settingFacts, addressFacts(fallback, meaning));
}

/** As {@linkcode bindAddress}, for a port that need not be open. */
export function optionalBindAddress(fallback: string, meaning: string) {
  return z.string().transform(readAddress).optional()
    .register(settingFacts, addressFacts(fallback, meaning));
}

function readAddress(text: string, context: z.RefinementCtx): BindAddress {
  const [, six, name, digits] = BIND_ADDRESS.exec(text) ?? [];
  const host = six ?? name;
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { host, port };
  context.addIssue({ code: "custom", message: "not an address" });
  return z.NEVER;
}

function addressFacts(fallback: string, meaning: string): SettingFacts {
  return {
    fallback,
    want: "host:port such as 0.0.0.0:3000 or [::1]:3000",
    meaning,
  };
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

function urlFacts(fallback: string, meaning: string): SettingFacts {
  return {
    fallback,
    want: "a URL that begins with http:// or https://",
    meaning,
    url: true,
  };
}
