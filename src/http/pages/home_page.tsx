/**
 * The index: where to go from here.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import { Layout } from "./layout.tsx";
import type { PageRequest } from "./page_request.ts";

/** `/`. */
export function HomePage({ page }: { page: PageRequest }): JSX.Element {
  const { words, user } = page;
  return (
    <Layout page={page} title={words.brandLine}>
      <main id="main" class="hero">
        <p class="hero-mark" aria-hidden="true">
          <span class="bubble one"></span>
          <span class="bubble two"></span>
        </p>
        <h1>{words.homeTitle}</h1>
        <p class="lead">{words.homeLead}</p>
        <p class="actions">
          <a class="button strong" href="/tools/heart_link/">
            {words.homeMatch}
          </a>
          <a class="button" href="/tools/chat/active_rooms/">
            {words.homeRooms}
          </a>
          <a class="button" href="/live">{words.homeLive}</a>
        </p>
        {user === undefined ? <p class="hint">{words.homeLogInFirst}</p> : null}
      </main>
    </Layout>
  );
}
