/**
 * A live room to watch. The page is its frame; the browser fills it over the
 * room's socket.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import { fill } from "../../web/fill.ts";
import { Layout } from "./layout.tsx";
import type { PageRequest } from "./page_request.ts";

interface LiveRoomOptions {
  readonly page: PageRequest;
  readonly liveId: string;
  /** Whether viewers may write. */
  readonly isChatOpen: boolean;
  /** Most characters of what they write. */
  readonly contentCharsMax: number;
}

/** `/live/{live_id}`. */
export function LiveRoomPage(options: LiveRoomOptions): JSX.Element {
  const { page, liveId } = options;
  const { words } = page;
  return (
    <Layout
      page={page}
      title={liveId}
      module="live_room_page"
      look="chat"
      sheet="live"
    >
      <main id="main" class="live-main" data-live-id={liveId}>
        <section class="talk" aria-labelledby="room-title">
          <Head page={page} liveId={liveId} />
          <Figures page={page} />
          <QualityParts page={page} />
          <p id="banner" class="banner" hidden>
            <span id="banner-text" role="status"></span>{" "}
            <span id="banner-left" class="countdown" aria-hidden="true"></span>
          </p>
          <div
            id="log"
            class="log"
            tabindex={0}
            role="region"
            aria-label={words.liveFeed}
          >
            <p class="history">
              <button type="button" id="older" class="small" hidden>
                {words.liveOlder}
              </button>
            </p>
            <p id="older-fault" class="fault center" role="alert" hidden></p>
            <p id="nothing" class="hint center" hidden>{words.liveNothing}</p>
            <ol id="feed" class="live-feed"></ol>
          </div>
          <button type="button" id="to-newest" class="to-newest" hidden>
            {words.chatNewBelow}
          </button>
          <Composer {...options} />
        </section>
      </main>
    </Layout>
  );
}

/** `/live/{live_id}` where there is no such room. */
export function NoLiveRoomPage(
  { page, liveId }: Pick<LiveRoomOptions, "page" | "liveId">,
): JSX.Element {
  const { words } = page;
  return (
    <Layout page={page} title={words.liveNotFound} sheet="live">
      <main id="main" class="narrow failure">
        <h1>{words.liveNotFound}</h1>
        <p>{fill(words.liveNotFoundText, { id: liveId })}</p>
        <p class="actions center">
          <a class="button strong" href="/live">{words.liveToList}</a>
        </p>
      </main>
    </Layout>
  );
}

function Head(
  { page, liveId }: Pick<LiveRoomOptions, "page" | "liveId">,
): JSX.Element {
  const { words } = page;
  return (
    <div class="talk-head">
      <div class="talk-names">
        <h1 id="room-title">{liveId}</h1>
        <p class="state" role="status">
          <span id="state-dot" class="dot" aria-hidden="true"></span>
          <span id="state">{words.chatConnecting}</span>
          <span id="source" class="source"></span>
        </p>
      </div>
      <a class="button quiet" href="/live">{words.liveToList}</a>
    </div>
  );
}

function Figures({ page: { words } }: { page: PageRequest }): JSX.Element {
  return (
    <dl class="live-figures">
      <Figure id="viewers" label={words.liveViewers} />
      <Figure id="total" label={words.liveTotal} />
      <Figure id="likes" label={words.liveLikes} />
      <Figure id="gifts" label={words.liveGifts} />
      <Figure id="chats" label={words.liveChats} />
      <Figure id="watchers" label={words.liveWatchers} />
      <Figure id="quality" label={words.liveQuality} />
    </dl>
  );
}

function QualityParts({ page: { words } }: { page: PageRequest }): JSX.Element {
  return (
    <details id="quality-box" class="live-quality">
      <summary>{words.qualityParts}</summary>
      <dl id="quality-parts" class="live-facts"></dl>
    </details>
  );
}

function Figure({ id, label }: { id: string; label: string }): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd id={id}>–</dd>
    </div>
  );
}

function Composer(
  { page, liveId, isChatOpen, contentCharsMax }: LiveRoomOptions,
): JSX.Element | null {
  const { words, user } = page;
  if (!isChatOpen) return null;
  if (user === undefined) {
    const next = encodeURIComponent(`/live/${liveId}`);
    return (
      <p class="composer live-login">
        <a href={`/login?next=${next}`}>{words.liveLogIn}</a>
      </p>
    );
  }
  return (
    <form id="composer" class="composer live-composer">
      <input
        id="text"
        maxlength={contentCharsMax}
        aria-label={words.chatInput}
        placeholder={words.chatPlaceholder}
        autocomplete="off"
      />
      <button type="submit" class="strong">{words.chatSend}</button>
      <p id="write-fault" class="fault" role="alert" hidden></p>
    </form>
  );
}
