/**
 * Every page, and what browsers are sent beside them.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import { Hono } from "@hono/hono";
import { requireSameSite } from "../tools/session_gate.ts";
import { assetRoutes } from "./asset_routes.ts";
import { ASSET_TEXTS } from "./asset_texts.ts";
import { Assets } from "./assets.ts";
import { formFields } from "./form_fields.ts";
import { HomePage } from "./home_page.tsx";
import { languageOf } from "./language.ts";
import { livePages } from "./live_pages.tsx";
import { loginRoutes } from "./login_routes.tsx";
import { setLanguage } from "./page_cookies.ts";
import type { PageDeps } from "./page_deps.ts";
import { pageHeaders } from "./page_headers.ts";
import { type PageParts, pageRequest } from "./page_request.ts";
import { roomPages } from "./room_pages.tsx";
import { safePath } from "./safe_path.ts";

/** Builds the pages, to be mounted at `/`. Types are stripped here, once. */
export function pageRoutes(deps: PageDeps): Hono {
  const assets = new Assets(ASSET_TEXTS);
  const parts: PageParts = { ...deps, assets };
  const pages = new Hono();
  addHeaders(pages);
  pages.get("/", async (c) => {
    return c.html(<HomePage page={await pageRequest(c, parts)} />);
  });
  pages.route("/", loginRoutes(parts));
  pages.post("/language", requireSameSite(parts), async (c) => {
    const form = await formFields(c);
    const language = languageOf(form["language"]);
    if (language !== undefined) setLanguage(c, language, parts);
    return c.redirect(safePath(form["next"], "/"), 303);
  });
  pages.route("/tools", roomPages(parts));
  pages.route("/live", livePages(parts));
  pages.route("/assets", assetRoutes(assets));
  return pages;
}

/** On pages alone: what is mounted beside them has headers of its own. */
const PAGE_PATHS = [
  "/",
  "/login",
  "/logout",
  "/language",
  "/assets/*",
  "/live",
  "/live/*",
  "/users/login/",
  "/tools/chat/*",
  "/tools/heart_link/*",
  "/tools/chat-room-error/*",
];

function addHeaders(pages: Hono): void {
  for (const path of PAGE_PATHS) pages.use(path, pageHeaders());
}
