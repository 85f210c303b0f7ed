/**
 * Flags that many commands share.
 *
 * @module
 */

import { ENDPOINT_NAMES } from "../src/wire/callback.ts";
import { instantSecs, nonEmpty } from "./arguments.ts";

/** The values of those that every command has which asks the server. */
export interface CommonFlags {
  readonly json: boolean;
  readonly url?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** The flag of commands that print data and ask nobody. */
export const JSON_FLAG = {
  json: {
    kind: "boolean",
    brief: "Print JSON to stdout, for programs",
    default: false,
  },
} as const;

/** The flags of every command that asks the server. */
export const COMMON_FLAGS = {
  ...JSON_FLAG,
  url: {
    kind: "parsed",
    parse: serverUrl,
    optional: true,
    placeholder: "url",
    brief: "The server's address, instead of PARLOR_URL or BIND_ADDRESS",
  },
  keyFile: {
    kind: "parsed",
    parse: nonEmpty,
    optional: true,
    placeholder: "file",
    brief: "A file with the key, instead of ADMIN_API_KEY",
  },
} as const;

/** A flag that takes an instant; its value is in epoch s. */
export const INSTANT_FLAG = {
  kind: "parsed",
  parse: instantSecs,
  optional: true,
  placeholder: "time",
} as const;

/** A flag that takes one of the places that callbacks go to. */
export const ENDPOINT_FLAG = {
  kind: "enum",
  values: ENDPOINT_NAMES,
  optional: true,
  placeholder: "endpoint",
} as const;

function serverUrl(input: string): string {
  const url = URL.parse(input);
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  const isBare = url?.search === "" && url.hash === "" && url.username === "";
  if (isWeb && isBare) return url.href.replace(/\/+$/, "");
  throw new SyntaxError("want an address such as http://127.0.0.1:3000");
}
