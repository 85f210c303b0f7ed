/**
 * Flags that every command has which asks the server.
 *
 * @module
 */

import { nonEmpty } from "./arguments.ts";

/** Their values. */
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

/** All of them. */
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

function serverUrl(input: string): string {
  const url = URL.parse(input);
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  const isBare = url?.search === "" && url.hash === "" && url.username === "";
  if (isWeb && isBare) return url.href.replace(/\/+$/, "");
  throw new SyntaxError("want an address such as http://127.0.0.1:3000");
}
