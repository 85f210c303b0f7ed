/**
 * Where a user asks to be matched, and waits.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import { Layout } from "./layout.tsx";
import type { PageRequest } from "./page_request.ts";

/** `/tools/heart_link/`. The browser shows one of its states. */
export function HeartLinkPage({ page }: { page: PageRequest }): JSX.Element {
  const { words } = page;
  return (
    <Layout page={page} title={words.matchTitle} module="heart_link_page">
      <main id="main" class="narrow match" data-state="idle">
        <h1>{words.matchTitle}</h1>
        <section class="card pulse-card">
          <div class="pulse" aria-hidden="true">
            <span></span>
            <span></span>
            <span class="heart"></span>
          </div>
          <p id="news" class="lead" role="status" aria-live="polite">
            {words.matchLead}
          </p>
          <p id="left" class="countdown large" role="timer" hidden></p>
          <p id="stay" class="hint" hidden>{words.matchStay}</p>
          <p class="actions center">
            <button type="button" id="press" class="strong">
              {words.matchPress}
            </button>
            <button type="button" id="cancel" hidden>{words.cancel}</button>
          </p>
          <p id="fault" class="notice bad" role="alert" hidden></p>
        </section>
        <form id="number-form" class="card form" novalidate>
          <h2>{words.numberTitle}</h2>
          <p class="hint" id="number-hint">{words.numberLead}</p>
          <p class="field row">
            <label for="number">{words.numberLabel}</label>
            <input
              id="number"
              name="number"
              inputmode="numeric"
              pattern="[0-9]{4}"
              maxlength={4}
              autocomplete="off"
              aria-describedby="number-hint"
            />
            <button type="submit">{words.numberPress}</button>
          </p>
        </form>
      </main>
    </Layout>
  );
}
