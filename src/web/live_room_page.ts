/**
 * A live room in the browser: what happens in it, its figures, and how the
 * connection to the outside stands.
 *
 * @module
 */
/// <reference lib="dom" />
// deno-lint-ignore-file camelcase

import { get } from "./api.ts";
import { byId, showText } from "./elements.ts";
import { act, type Frame, type FrameActions } from "./frames.ts";
import { Line, type LineEnd, type LineState, socketAddress } from "./line.ts";
import { dotState } from "./live_card.ts";
import { LiveComposer } from "./live_composer.ts";
import type {
  LinkDetail,
  LinkFacts,
  LiveFrames,
  LiveItem,
  LivePage,
  StatsFacts,
} from "./live_facts.ts";
import { LiveFeed } from "./live_feed.ts";
import { gathered } from "./live_gather.ts";
import { LivePlace } from "./live_place.ts";
import { bindQuality } from "./live_quality.ts";
import { countdownText, linkNotice, stateText } from "./live_words.ts";
import { fill } from "./fill.ts";
import { refusalText } from "./refusal.ts";
import { words } from "./words.ts";

/** Messages of one page of the log. */
const OLDER_MAX = 100;
/** Pages that are read on for one that has something to be seen. */
const PAGES_MAX = 10;
/** How often the seconds until an attempt are counted down, in ms. */
const COUNT_DOWN_MS = 1000;
/** With which code a line ends that the page itself gives up. */
const CLOSED_HERE = 1000;

const main = byId("main", HTMLElement);
const liveId = main.dataset["liveId"] ?? "";
const language = document.documentElement.lang;
const number = new Intl.NumberFormat(language);
const place = new LivePlace();
const feed = new LiveFeed((seq) => {
  if (seq === 0) return;
  place.forget(seq);
  drawOlder(true);
});
const api = `/api/live/${encodeURIComponent(liveId)}`;
const banner = byId("banner", HTMLElement);
const bannerText = byId("banner-text", HTMLElement);
const bannerLeft = byId("banner-left", HTMLElement);
const older = byId("older", HTMLButtonElement);
let link: LinkFacts | undefined;
const olderFault = byId("older-fault", HTMLElement);
let isReading = false;
/** What the page's own connection has to say; it goes before the link's. */
let ownNotice = "";

const actions: FrameActions<LiveFrames> = {
  snapshot: (frame) => {
    const goesOn = place.enter({
      epoch: frame.epoch,
      lastSeq: frame.messages.at(-1)?.seq ?? 0,
      recovered: frame.recovered,
    });
    if (!goesOn) begin(frame.messages);
    composer?.onOpen();
    void showWatchers();
    showLink(frame.status);
    showQuality(frame.status.quality);
    showStats(frame.stats);
  },
  live_message: show,
  live_status: ({ status }) => {
    showLink(status);
    showQuality(status.quality);
  },
  live_stats: ({ stats, watchers }) => {
    showStats(stats);
    figure("watchers", number.format(watchers));
  },
  system: ({ seq, message }) => showNote(seq, message),
  room_ended: ({ seq }) => showNote(seq, words.chatEnded),
  message_deleted: ({ seq }) => place.skip(seq, seq),
  custom_event: ({ seq }) => place.skip(seq, seq),
  gap: ({ from, to }) => {
    place.skip(from, to);
    feed.add(words.liveMissed);
  },
  ack: ({ client_msg_id: id }) => composer?.onKept(id),
  error: ({ client_msg_id: id, code, message }) =>
    composer?.onRefused(id, refusalText(code, message)),
};

/** Shows what a room has had lately, and nothing of before. */
function begin(items: readonly LiveItem[]): void {
  feed.clear();
  items.forEach(({ seq }) => place.noteOlder(seq));
  gathered(items).forEach((item) => feed.add(item));
  // The first of all has the number 1.
  drawOlder((items[0]?.seq ?? 1) > 1);
}

function show(item: LiveItem): void {
  if (!place.note(item)) return;
  feed.add(item);
  drawEmpty();
}

function showNote(seq: number, text: string): void {
  if (place.note({ seq })) feed.add(text);
}

function drawOlder(isThere: boolean): void {
  older.hidden = !isThere;
  drawEmpty();
}

function drawEmpty(): void {
  const isEmpty = place.oldestSeq === undefined;
  byId("nothing", HTMLElement).hidden = !isEmpty;
}

function showLink(status: LinkFacts): void {
  link = status;
  byId("source", HTMLElement).textContent = status.source;
  drawState();
}

function drawState(): void {
  if (link !== undefined) {
    byId("state-dot", HTMLElement).dataset["state"] = dotState(link);
    byId("state", HTMLElement).textContent = stateText(link);
  }
  const text = ownNotice || (link === undefined ? "" : linkNotice(link));
  if (bannerText.textContent !== text) bannerText.textContent = text;
  // A reader who hears the page is not told every second.
  const left = link === undefined ? "" : countdownText(link);
  showText(bannerLeft, ownNotice === "" ? left : "");
  banner.hidden = text === "";
}

function showQuality(quality: number | null): void {
  figure("quality", quality === null ? "–" : `${quality}`);
}

function showStats(stats: StatsFacts): void {
  const { current_viewers: viewers } = stats;
  figure("viewers", viewers === null ? "–" : number.format(viewers));
  figure("total", stats.total_viewers ?? "–");
  figure("likes", number.format(stats.likes));
  figure("gifts", number.format(stats.gifts));
  figure("chats", number.format(stats.chats));
}

function figure(id: string, text: string): void {
  byId(id, HTMLElement).textContent = text;
}

/** Who watches is told when it changes, which may be long after a visit. */
async function showWatchers(): Promise<void> {
  const { isOk, body: { watchers } } = await get<LinkDetail>(api);
  if (isOk && watchers !== undefined) {
    figure("watchers", number.format(watchers));
  }
}

/** Reads back until there is something to be seen. */
async function showOlder(): Promise<void> {
  if (isReading) return;
  isReading = true;
  older.setAttribute("aria-busy", "true");
  let isSeen = false;
  for (let pages = 0; pages < PAGES_MAX && !isSeen && !older.hidden; pages++) {
    isSeen = await readOlder();
  }
  older.removeAttribute("aria-busy");
  isReading = false;
  // Who came here by the keyboard goes on from what was shown.
  if (older.hidden && document.activeElement === document.body) {
    byId("log", HTMLElement).focus({ preventScroll: true });
  }
}

/** @returns whether to stop there. */
async function readOlder(): Promise<boolean> {
  const before = place.oldestSeq ?? 1;
  const { isOk, body, reason } = await get<LivePage>(
    `${api}/messages?before_seq=${before}&limit=${OLDER_MAX}`,
  );
  showText(olderFault, isOk ? "" : fill(words.loadFailed, { reason }));
  if (!isOk) return true;
  const items = body.messages ?? [];
  // It may have been forgotten meanwhile what these would go before.
  if (before !== place.oldestSeq) return false;
  items.forEach(({ seq }) => place.noteOlder(seq));
  drawOlder(body.has_more === true);
  return feed.addOlder(gathered(items));
}

function onState(state: LineState, end?: LineEnd): void {
  // The login is over; watching needs none.
  if (end?.reason.startsWith("login_required")) location.reload();
  ownNotice = ownText(state, end);
  drawState();
}

function ownText(state: LineState, end: LineEnd | undefined): string {
  if (state === "waiting") return words.chatOffline;
  if (state !== "shut") return "";
  if (end?.code === CLOSED_HERE) return words.liveGone;
  return fill(words.chatShut, { reason: end?.reason || `${end?.code}` });
}

older.addEventListener("click", () => void showOlder());
const line = new Line({
  address: () =>
    socketAddress(`/ws/live/${encodeURIComponent(liveId)}${place.query()}`),
  onFrame: (frame: Frame) => act(actions, frame),
  onState,
  mayRetry: async () => (await get(api)).status !== 404,
});
const composer = document.getElementById("composer") === null
  ? undefined
  : new LiveComposer((frame) => line.say(frame));
line.start();
bindQuality(api);
setInterval(drawState, COUNT_DOWN_MS);
