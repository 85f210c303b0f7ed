/**
 * Sets and drops the cookies of the pages.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import { deleteCookie, setCookie } from "@hono/hono/cookie";
import { PAGE_COOKIE } from "../../identity/page_session.ts";
import { type Language, LANGUAGE_COOKIE } from "./language.ts";
import type { PageDeps } from "./page_deps.ts";

const YEAR_SECS = 31_536_000;

type ProxyTrust = Pick<PageDeps, "trustProxy">;

/** Logs a browser in for as long as the session counts. */
export function setSession(
  c: Context,
  sealed: { readonly value: string; readonly maxAgeSecs: number },
  deps: ProxyTrust,
): void {
  setCookie(c, PAGE_COOKIE, sealed.value, {
    ...cookieOptions(c, deps),
    httpOnly: true,
    maxAge: sealed.maxAgeSecs,
  });
}

/** Logs a browser out. */
export function dropSession(c: Context, deps: ProxyTrust): void {
  deleteCookie(c, PAGE_COOKIE, cookieOptions(c, deps));
}

/** Remembers a language for a year. */
export function setLanguage(
  c: Context,
  language: Language,
  deps: ProxyTrust,
): void {
  setCookie(c, LANGUAGE_COOKIE, language, {
    ...cookieOptions(c, deps),
    maxAge: YEAR_SECS,
  });
}

function cookieOptions(c: Context, { trustProxy }: ProxyTrust) {
  const proxied = c.req.header("X-Forwarded-Proto");
  const isSecure = trustProxy && proxied === "https";
  return { path: "/", sameSite: "Lax", secure: isSecure } as const;
}
