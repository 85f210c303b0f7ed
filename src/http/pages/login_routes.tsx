/**
 * Logging in and out of the pages.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import { type Context, Hono } from "@hono/hono";
import type { PageSession } from "../../identity/page_session.ts";
import { ChatError } from "../../wire/errors.ts";
import { requireSameSite, sessionOfToken } from "../tools/session_gate.ts";
import { type LoginFault, LoginPage, type LoginView } from "./login_page.tsx";
import { dropSession, setSession } from "./page_cookies.ts";
import type { PageParts } from "./page_request.ts";
import { pageRequest } from "./page_request.ts";
import { safePath } from "./safe_path.ts";
import { speechOf } from "./language.ts";
import { loginNames } from "./login_names.ts";
import { type FormFields, formFields } from "./form_fields.ts";

/** Where to go after a login that did not say. */
const HOME = "/";

/** `/login`, `/users/login/` and `/logout`. */
export function loginRoutes(parts: PageParts): Hono {
  const routes = new Hono();
  routes.get("/users/login/", (c) => {
    const next = safePath(c.req.query("next"), HOME);
    return c.redirect(`/login?next=${encodeURIComponent(next)}`, 302);
  });
  routes.get("/login", (c) => {
    const next = safePath(c.req.query("next"), HOME);
    return loginPage(c, parts, { next });
  });
  routes.post("/login", requireSameSite(parts), async (c) => {
    const form = await formFields(c);
    const next = safePath(form["next"], HOME);
    const result = await sessionOf(c, form, parts);
    if ("field" in result) {
      return loginPage(c, parts, { next, fault: result, form });
    }
    return await logIn(c, result, { parts, next, form });
  });
  routes.post("/logout", requireSameSite(parts), (c) => {
    dropSession(c, parts);
    return c.redirect(HOME, 303);
  });
  return routes;
}

interface LoginTry {
  readonly next: string;
  readonly fault?: LoginFault;
  readonly form?: FormFields;
}

async function loginPage(
  c: Context,
  parts: PageParts,
  { next, fault, form = {} }: LoginTry,
): Promise<Response> {
  const page = { ...await pageRequest(c, parts), path: pathOf(next) };
  const view: LoginView = {
    isTokenRequired: parts.isTokenRequired,
    next,
    userId: form["user_id"] ?? "",
    nickname: form["nickname"] ?? "",
    fault,
  };
  const status = fault === undefined ? 200 : 400;
  return c.html(<LoginPage page={page} view={view} />, status);
}

/** The language switch of the form comes back to the form. */
function pathOf(next: string): string {
  return next === HOME ? "/login" : `/login?next=${encodeURIComponent(next)}`;
}

/** The session that a form asks for, or the field that stands against it. */
async function sessionOf(
  c: Context,
  form: FormFields,
  parts: PageParts,
): Promise<PageSession | LoginFault> {
  if (parts.isTokenRequired) return await provenSession(c, form, parts);
  const names = loginNames(form, parts.limits, speechOf(c).words);
  if ("field" in names) return names;
  return {
    ...names,
    isProven: false,
    rooms: null,
    admin: false,
    expiresAt: parts.clock.now() + parts.loginMs,
  };
}

async function provenSession(
  c: Context,
  form: FormFields,
  { tokens, clock, loginMs }: PageParts,
): Promise<PageSession | LoginFault> {
  try {
    const token = (form["token"] ?? "").trim();
    const session = await sessionOfToken(token, { tokens });
    const latest = clock.now() + loginMs;
    const expiresAt = Math.min(session.expiresAt ?? latest, latest);
    return { ...session, expiresAt };
  } catch (cause) {
    if (!(cause instanceof ChatError)) throw cause;
    const { words } = speechOf(c);
    const isLater = cause.code === "identity_unavailable";
    const text = isLater ? words.loginUnavailable : words.loginTokenBad;
    return { field: "token", text };
  }
}

interface LoginStep {
  readonly parts: PageParts;
  readonly next: string;
  readonly form: FormFields;
}

async function logIn(
  c: Context,
  session: PageSession,
  { parts, next, form }: LoginStep,
): Promise<Response> {
  try {
    const value = await parts.sessions.seal(session);
    const leftMs = (session.expiresAt ?? Infinity) - parts.clock.now();
    const maxAgeSecs = Math.floor(Math.min(leftMs, parts.loginMs) / 1000);
    setSession(c, { value, maxAgeSecs }, parts);
    return c.redirect(next, 303);
  } catch (cause) {
    if (!(cause instanceof ChatError)) throw cause;
    const field = parts.isTokenRequired ? "token" : "user_id";
    const text = speechOf(c).words.loginTooLarge;
    return loginPage(c, parts, { next, fault: { field, text }, form });
  }
}
