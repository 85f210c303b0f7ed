/**
 * A room to talk in. The page is its frame; the browser fills it over the
 * room's socket.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import { fill } from "../../web/fill.ts";
import { Layout } from "./layout.tsx";
import type { PageRequest } from "./page_request.ts";

/** The room as the page begins with it. */
export interface ChatView {
  readonly roomId: string;
  /** What it is called; may be empty. */
  readonly name: string;
  readonly isWaiting: boolean;
  /** Most characters of a message. */
  readonly contentCharsMax: number;
  readonly userId: string;
  readonly nickname: string;
}

interface ChatPageOptions {
  readonly page: PageRequest;
  readonly view: ChatView;
}

/** `/tools/chat/enhanced/{room_id}/`. */
export function ChatPage({ page, view }: ChatPageOptions): JSX.Element {
  const { words } = page;
  return (
    <Layout
      page={page}
      title={view.name || words.chatTitle}
      module="chat_page"
      look="chat"
    >
      <main
        id="main"
        class="chat-main"
        data-room-id={view.roomId}
        data-user-id={view.userId}
        data-nickname={view.nickname}
        data-name={view.name}
        data-waiting={view.isWaiting ? "yes" : "no"}
        data-chars-max={String(view.contentCharsMax)}
      >
        <section class="talk" aria-labelledby="room-title">
          <TalkHead page={page} view={view} />
          <p id="banner" class="banner" role="alert" hidden></p>
          <div
            id="log"
            class="log"
            tabindex={0}
            role="region"
            aria-label={words.chatLog}
          >
            <p id="history" class="history"></p>
            <ol id="messages" class="messages"></ol>
          </div>
          <button type="button" id="to-newest" class="to-newest" hidden>
            {words.chatNewBelow}
          </button>
          <p id="typing" class="typing" aria-live="polite"></p>
          <ul id="uploads" class="uploads"></ul>
          <Composer page={page} view={view} />
        </section>
        <aside id="people" class="people" aria-labelledby="people-title">
          <h2 id="people-title">{words.chatMembers}</h2>
          <ul id="members" class="members"></ul>
        </aside>
      </main>
      <p id="announcer" class="unseen" role="log" aria-live="polite"></p>
    </Layout>
  );
}

function TalkHead({ page, view }: ChatPageOptions): JSX.Element {
  const { words } = page;
  return (
    <div class="talk-head">
      <div class="talk-names">
        <h1 id="room-title">{view.name || words.chatTitle}</h1>
        <p class="state" role="status">
          <span id="state-dot" class="dot" aria-hidden="true"></span>
          <span id="state">{words.chatConnecting}</span>
        </p>
      </div>
      <button
        type="button"
        id="show-people"
        class="quiet"
        aria-expanded="false"
        aria-controls="people"
      >
        {fill(words.chatShowMembers, { count: 0 })}
      </button>
      <a class="button quiet" href="/tools/chat/active_rooms/">
        {words.chatToRooms}
      </a>
    </div>
  );
}

function Composer({ page, view }: ChatPageOptions): JSX.Element {
  const { words } = page;
  return (
    <form id="composer" class="composer">
      <input
        type="file"
        id="file"
        class="unseen"
        tabindex={-1}
        aria-hidden="true"
        multiple
      />
      <button
        type="button"
        id="attach"
        class="quiet icon"
        aria-label={words.chatAttach}
        title={words.chatAttach}
      >
        <span aria-hidden="true">+</span>
      </button>
      <textarea
        id="text"
        name="text"
        rows={1}
        placeholder={words.chatPlaceholder}
        aria-label={words.chatInput}
        aria-describedby="length"
        maxlength={view.contentCharsMax}
        enterkeyhint="send"
        autofocus
      >
      </textarea>
      <button type="submit" class="strong" id="send">{words.chatSend}</button>
      <p id="length" class="length" aria-live="polite"></p>
    </form>
  );
}
