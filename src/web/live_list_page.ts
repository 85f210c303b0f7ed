/**
 * The page of live rooms: every link, how it does, and what an operator may do
 * about it.
 *
 * @module
 */
/// <reference lib="dom" />

import { type ApiAnswer, get } from "./api.ts";
import { byId, showText } from "./elements.ts";
import { fill } from "./fill.ts";
import { drawCountdown, drawLiveCard, newLiveCard } from "./live_card.ts";
import type { ListedLink, LiveList } from "./live_facts.ts";
import { operate, restoreKey } from "./live_key.ts";
import { clockText } from "./times.ts";
import { words } from "./words.ts";

const REFRESH_MS = 5000;
/** How often the seconds until an attempt are counted down, in ms. */
const COUNT_DOWN_MS = 1000;

const language = document.documentElement.lang;
const list = byId("links", HTMLUListElement);
const fault = byId("fault", HTMLElement);
const said = byId("said", HTMLElement);
const updated = byId("updated", HTMLElement);
const form = byId("start", HTMLFormElement);
const cards = new Map<string, HTMLLIElement>();
let links: ListedLink[] = [];
let loads = 0;
let isStarting = false;

async function load(): Promise<void> {
  const turn = ++loads;
  const { isOk, body, reason } = await get<LiveList>("/api/live/status");
  // A later load has newer facts.
  if (turn !== loads) return;
  showText(fault, isOk ? "" : fill(words.loadFailed, { reason }));
  if (!isOk) return;
  links = Object.entries(body.connections ?? {}).map(([live_id, link]) => ({
    ...link,
    live_id,
  }));
  draw();
  const time = clockText(Date.now(), language);
  updated.textContent = fill(words.liveUpdated, { time });
}

function draw(): void {
  const known = new Set(links.map((link) => link.live_id));
  for (const [liveId, card] of cards) {
    if (known.has(liveId)) continue;
    card.remove();
    cards.delete(liveId);
  }
  links.forEach((link, place) => {
    const card = cards.get(link.live_id) ?? newLiveCard(link, actions);
    cards.set(link.live_id, card);
    drawLiveCard(card, link, language);
    // Moving an element takes the focus from what is in it.
    if (list.children[place] !== card) {
      list.insertBefore(card, list.children[place] ?? null);
    }
  });
  byId("empty", HTMLElement).hidden = links.length > 0;
}

function drawCountdowns(): void {
  for (const link of links) {
    const card = cards.get(link.live_id);
    if (card !== undefined) drawCountdown(card, link);
  }
}

const actions = {
  onStop: (liveId: string) => void stop(liveId),
  onRetry: (liveId: string) =>
    void act({
      path: `/api/live/${encodeURIComponent(liveId)}/retry`,
      done: fill(words.liveRetried, { id: liveId }),
    }),
};

interface Deed {
  readonly path: string;
  readonly body?: unknown;
  /** What is said when it worked. */
  readonly done: string;
}

/**
 * Does something, says what came of it, and shows how things are now. The key
 * has the focus where that was why not.
 */
async function act({ path, body, done }: Deed): Promise<ApiAnswer<unknown>> {
  const answer = await operate(path, body);
  said.classList.toggle("bad", !answer.isOk);
  showText(said, answer.isOk ? done : answer.reason);
  await load();
  return answer;
}

async function stop(liveId: string): Promise<void> {
  const { isOk } = await act({
    path: "/api/live/stop",
    body: { live_id: liveId },
    done: fill(words.liveStoppedText, { id: liveId }),
  });
  // The button that had the focus is gone with its card.
  if (isOk) byId("live-id", HTMLInputElement).focus();
}

/** What a start comes to, which may be nothing new. */
function startedText(liveId: string): string {
  const known = links.find((link) => link.live_id === liveId);
  const isRunning = known !== undefined && known.state !== "ended";
  return isRunning ? words.liveRunningText : words.liveStartedText;
}

async function start(): Promise<void> {
  const field = byId("live-id", HTMLInputElement);
  const source = byId("source", HTMLInputElement).value.trim();
  const liveId = field.value.trim();
  // A second press while the first is under way would say nothing new.
  if (isStarting) return;
  isStarting = true;
  const { isOk, status } = await act({
    path: "/api/live/start",
    body: { live_id: liveId, ...(source === "" ? {} : { source }) },
    done: fill(startedText(liveId), { id: liveId }),
  });
  isStarting = false;
  if (isOk) field.value = "";
  if (status !== 401) field.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void start();
});
restoreKey();
void load();
setInterval(() => {
  if (!document.hidden) void load();
}, REFRESH_MS);
setInterval(() => {
  if (!document.hidden) drawCountdowns();
}, COUNT_DOWN_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void load();
});
