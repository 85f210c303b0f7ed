/**
 * The live rooms: a form to start one, and a card for each, which the browser
 * fills in and keeps so.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import { fill } from "../../web/fill.ts";
import { Layout } from "./layout.tsx";
import type { PageRequest } from "./page_request.ts";

interface LiveListOptions {
  readonly page: PageRequest;
  /** Whether anybody may start and stop. */
  readonly isPublic: boolean;
  readonly defaultSource: string;
}

/** `/live`. */
export function LiveListPage(options: LiveListOptions): JSX.Element {
  const { words } = options.page;
  return (
    <Layout
      page={options.page}
      title={words.liveTitle}
      module="live_list_page"
      sheet="live"
    >
      <main id="main" class="wide">
        <div class="title-row">
          <h1>{words.liveTitle}</h1>
          <p id="updated" class="hint"></p>
        </div>
        <StartForm {...options} />
        <p id="said" class="notice" role="status" aria-live="polite" hidden></p>
        <p id="fault" class="notice bad" role="alert" hidden></p>
        <ul id="links" class="live-cards" aria-label={words.liveTitle}></ul>
        <div id="empty" class="empty" hidden>
          <p class="empty-title">{words.liveNone}</p>
          <p class="hint">{words.liveNoneHint}</p>
        </div>
      </main>
    </Layout>
  );
}

function StartForm(
  { page, isPublic, defaultSource }: LiveListOptions,
): JSX.Element {
  const { words } = page;
  return (
    <form id="start" class="card live-start">
      <div class="field">
        <label for="live-id">{words.liveId}</label>
        <input
          id="live-id"
          name="live-id"
          required
          maxlength={50}
          pattern="[A-Za-z0-9_\-]+"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
        />
      </div>
      <div class="field">
        <label for="source">{words.liveSource}</label>
        <input
          id="source"
          name="source"
          maxlength={64}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby="source-hint"
        />
        <p id="source-hint" class="hint">
          {fill(words.liveSourceHint, { source: defaultSource })}
        </p>
      </div>
      {isPublic ? null : (
        <div class="field">
          <label for="key">{words.liveKey}</label>
          <input
            id="key"
            name="key"
            type="password"
            autocomplete="off"
            aria-describedby="key-hint"
          />
          <p id="key-hint" class="hint">{words.liveKeyHint}</p>
        </div>
      )}
      <button type="submit" class="strong" id="begin">{words.liveStart}</button>
    </form>
  );
}
