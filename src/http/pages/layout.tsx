/**
 * The frame around every page.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import { html } from "@hono/hono/html";
import type { Child } from "@hono/hono/jsx";
import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import { fill } from "../../web/fill.ts";
import type { PageRequest } from "./page_request.ts";

/** What a page is beside its content. */
export interface LayoutOptions {
  readonly page: PageRequest;
  readonly title: string;
  /** The module that runs in it, by its name without an ending. */
  readonly module?: string;
  /** A class of `<body>`. */
  readonly look?: string;
  /** Another style sheet beside the one of all pages, without its ending. */
  readonly sheet?: string;
  readonly children?: Child;
}

/** A whole document. Everything that stands in it is escaped. */
export function Layout(
  { page, title, module, look, sheet, children }: LayoutOptions,
): JSX.Element {
  const { assets, language, words } = page;
  return (
    <>
      {html`<!DOCTYPE html>`}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{`${title} · Parlor`}</title>
          <link rel="icon" href={assets.url("icon.svg")} type="image/svg+xml" />
          <link rel="stylesheet" href={assets.url("style.css")} />
          {sheet === undefined
            ? null
            : <link rel="stylesheet" href={assets.url(`${sheet}.css`)} />}
          {module === undefined
            ? null
            : <script type="module" src={assets.url(`${module}.js`)}></script>}
          <script type="module" src={assets.url("same_login.js")}></script>
        </head>
        <body
          class={look ?? "plain"}
          data-now={String(page.now)}
          data-user={page.user?.userId ?? ""}
        >
          <a class="skip" href="#main">{words.skip}</a>
          <Header page={page} />
          {children}
          {module === undefined ? null : (
            <noscript>
              <p class="notice">{words.needsScript}</p>
            </noscript>
          )}
        </body>
      </html>
    </>
  );
}

function Header({ page }: { page: PageRequest }): JSX.Element {
  const { words, user, path } = page;
  return (
    <header class="bar">
      <a class="brand" href="/">
        <span class="brand-mark" aria-hidden="true"></span>Parlor
      </a>
      <nav aria-label={words.navMain}>
        <Link to="/tools/chat/active_rooms/" here={path}>
          {words.navRooms}
        </Link>
        <Link to="/tools/heart_link/" here={path}>{words.navMatch}</Link>
        <Link to="/live" here={path}>{words.navLive}</Link>
      </nav>
      <div class="bar-end">
        <LanguageSwitch page={page} />
        {user === undefined
          ? <a class="button quiet" href={loginPath(path)}>{words.logIn}</a>
          : (
            <form method="post" action="/logout" class="who">
              <span
                class="who-name"
                title={fill(words.loggedInAs, { name: user.userId })}
              >
                {user.nickname}
              </span>
              <button type="submit" class="quiet">{words.logOut}</button>
            </form>
          )}
      </div>
    </header>
  );
}

function Link(
  { to, here, children }: { to: string; here: string; children?: Child },
): JSX.Element {
  const isHere = here === to;
  return isHere
    ? <a href={to} aria-current="page">{children}</a>
    : <a href={to}>{children}</a>;
}

function LanguageSwitch({ page }: { page: PageRequest }): JSX.Element {
  const other = page.language === "en" ? "zh-CN" : "en";
  return (
    <form method="post" action="/language">
      <input type="hidden" name="next" value={page.path} />
      <button
        type="submit"
        class="quiet"
        name="language"
        value={other}
        lang={other}
        title={page.words.languageSwitch}
      >
        {page.words.otherLanguage}
      </button>
    </form>
  );
}

function loginPath(here: string): string {
  const isEntry = here === "/" || here.startsWith("/login");
  return isEntry ? "/login" : `/login?next=${encodeURIComponent(here)}`;
}
