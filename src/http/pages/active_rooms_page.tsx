/**
 * The user's active rooms (COMPAT 0.4): three numbers, the request that waits,
 * and a card for each room. The browser fills them in and keeps them so.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import { Layout } from "./layout.tsx";
import type { PageRequest } from "./page_request.ts";

/** `/tools/chat/active_rooms/`. */
export function ActiveRoomsPage({ page }: { page: PageRequest }): JSX.Element {
  const { words } = page;
  return (
    <Layout page={page} title={words.roomsTitle} module="active_rooms_page">
      <main id="main" class="wide" data-user-id={page.user?.userId ?? ""}>
        <div class="title-row">
          <h1>{words.roomsTitle}</h1>
          <button type="button" id="refresh">
            <span aria-hidden="true">🔄</span> {words.refresh}
          </button>
        </div>
        <dl class="cards">
          <Figure id="room-count" label={words.roomsCard} />
          <Figure id="online-count" label={words.onlineCard} />
          <Figure id="link-state" label={words.linkCard} />
        </dl>
        <LinkPanel page={page} />
        <p id="fault" class="notice bad" role="alert" hidden></p>
        <ul id="rooms" class="rooms" aria-label={words.roomsTitle}></ul>
        <div id="empty" class="empty" hidden>
          <p class="empty-title">{words.roomsEmpty}</p>
          <p class="hint">{words.roomsEmptyHint}</p>
          <a class="button strong" href="/tools/heart_link/">
            {words.homeMatch}
          </a>
        </div>
        <p id="news" class="hint" role="status" aria-live="polite"></p>
      </main>
      <LeaveDialog page={page} />
    </Layout>
  );
}

function Figure({ id, label }: { id: string; label: string }): JSX.Element {
  return (
    <div class="card figure">
      <dt>{label}</dt>
      <dd id={id}>–</dd>
    </div>
  );
}

function LinkPanel({ page }: { page: PageRequest }): JSX.Element {
  const { words } = page;
  return (
    <section
      id="link-panel"
      class="card link-panel"
      aria-labelledby="link-title"
      hidden
    >
      <h2 id="link-title">{words.linkPanel}</h2>
      <dl class="facts">
        <div>
          <dt>{words.linkStatus}</dt>
          <dd id="link-status"></dd>
        </div>
        <div>
          <dt>{words.linkCreated}</dt>
          <dd id="link-created"></dd>
        </div>
        <div>
          <dt>{words.linkExpires}</dt>
          <dd id="link-expires"></dd>
        </div>
        <div>
          <dt>{words.linkLeft}</dt>
          <dd id="link-left" class="countdown" role="timer"></dd>
        </div>
      </dl>
      <button type="button" id="link-cancel">{words.cancel}</button>
    </section>
  );
}

function LeaveDialog({ page }: { page: PageRequest }): JSX.Element {
  const { words } = page;
  return (
    <dialog id="leave" aria-labelledby="leave-title">
      <form method="dialog">
        <h2 id="leave-title">{words.leaveTitle}</h2>
        <p>{words.leaveText}</p>
        <p class="actions end">
          <button type="submit" value="stay" autofocus>{words.leaveNo}</button>
          <button type="submit" value="leave" class="strong danger">
            {words.leaveYes}
          </button>
        </p>
      </form>
    </dialog>
  );
}
