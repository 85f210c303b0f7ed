/**
 * Who sends a request, asked before a route reads it.
 *
 * A token speaks for itself: a page of another site does not know it. A cookie
 * goes along with whatever a browser is made to send, so what it vouches for
 * changes nothing unless the request came from here.
 *
 * @module
 */

import type { Context, MiddlewareHandler } from "@hono/hono";
import { cookieOf } from "../../identity/cookie_header.ts";
import { PAGE_COOKIE, type PageSession } from "../../identity/page_session.ts";
import { isSameSite } from "../../identity/same_site.ts";
import { ChatError, errorRow } from "../../wire/errors.ts";
import type { GateDeps } from "./tools_deps.ts";

/** Under which name a request remembers its user. */
const SESSION_KEY = "pageSession";

/** Where pages send those who have not logged in. */
const LOGIN_PATH = "/login";

/**
 * Lets a request through only with a user, by token or by cookie; what changes
 * something, by cookie only from a page of this server.
 *
 * The refusals are `login_required`, `cross_site_refused`, and those of a token
 * that does not count.
 */
export function requireUser(deps: GateDeps): MiddlewareHandler {
  return async (c, next) => {
    const session = await userOfRequest(c, deps);
    if (session === undefined) throw new ChatError("login_required");
    c.set(SESSION_KEY, session);
    await next();
  };
}

/**
 * As {@linkcode requireUser}, for a page: who has not logged in is sent to do
 * so, and comes back afterwards.
 */
export function requirePageUser(deps: GateDeps): MiddlewareHandler {
  return async (c, next) => {
    const session = await pageUserOf(c, deps);
    if (session === undefined) return c.redirect(loginPath(c), 302);
    c.set(SESSION_KEY, session);
    return await next();
  };
}

/**
 * The user of a page that anyone may see; `undefined` is nobody.
 *
 * @throws {ChatError} `cross_site_refused`, or `identity_unavailable`.
 */
export async function pageUserOf(
  c: Context,
  deps: GateDeps,
): Promise<PageSession | undefined> {
  try {
    return await userOfRequest(c, deps);
  } catch (cause) {
    const isStranger = cause instanceof ChatError &&
      errorRow(cause.code).status === 401;
    if (isStranger) return undefined;
    throw cause;
  }
}

/**
 * Refuses what another site made a browser send, whoever the user is.
 *
 * The refusal is `cross_site_refused`.
 */
export function requireSameSite(
  deps: Pick<GateDeps, "allowedOrigins">,
): MiddlewareHandler {
  return async (c, next) => {
    refuseOtherSites(c, deps);
    await next();
  };
}

/** The user that the gate let through. */
export function userOf(c: Context): PageSession {
  const session: PageSession | undefined = c.get(SESSION_KEY);
  if (session !== undefined) return session;
  throw new Error(`Cannot tell the user of ${c.req.path}: it has no gate`);
}

async function userOfRequest(
  c: Context,
  deps: GateDeps,
): Promise<PageSession | undefined> {
  const token = c.req.query("token") ?? bearerOf(c);
  if (token !== undefined) return await sessionOfToken(token, deps);
  const cookie = cookieOf(c.req.header("Cookie"), PAGE_COOKIE);
  const session = await deps.sessions.open(cookie);
  if (session === undefined) return undefined;
  // One from before tokens were required vouches for nothing now.
  if (deps.isTokenRequired && !session.isProven) return undefined;
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  if (!isRead) refuseOtherSites(c, deps);
  return { ...session, isProven: session.isProven || deps.trustUserIds };
}

/**
 * The user of a token.
 *
 * @throws {ChatError} what verifying it says.
 */
export async function sessionOfToken(
  token: string,
  { tokens }: Pick<GateDeps, "tokens">,
): Promise<PageSession> {
  const { nickname, ...identity } = await tokens.verify(token);
  return {
    ...identity,
    nickname: nickname ?? identity.userId,
    isProven: true,
  };
}

function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("Authorization") ?? "")?.[1];
}

function refuseOtherSites(
  c: Context,
  { allowedOrigins }: Pick<GateDeps, "allowedOrigins">,
): void {
  const source = {
    origin: c.req.header("Origin") ?? null,
    fetchSite: c.req.header("Sec-Fetch-Site") ?? null,
    host: c.req.header("Host") ?? new URL(c.req.url).host,
  };
  if (!isSameSite(source, allowedOrigins)) {
    throw new ChatError("cross_site_refused");
  }
}

/** The way to the login and back; a token in the query stays behind. */
function loginPath(c: Context): string {
  const url = new URL(c.req.url);
  url.searchParams.delete("token");
  const next = `${url.pathname}${url.search}`;
  return `${LOGIN_PATH}?next=${encodeURIComponent(next)}`;
}
