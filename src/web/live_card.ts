/**
 * One link as a card of the list.
 *
 * A card is made once and drawn again, so that a button keeps the focus while
 * the facts around it change.
 *
 * @module
 */
/// <reference lib="dom" />

import { type Attributes, button, el, showText } from "./elements.ts";
import { fill } from "./fill.ts";
import type { ListedLink } from "./live_facts.ts";
import { countdownText, linkNotice, stateText } from "./live_words.ts";
import { sparkline } from "./sparkline.ts";
import { words } from "./words.ts";

/** What an operator may do with a link. */
export interface LiveCardActions {
  readonly onStop: (liveId: string) => void;
  readonly onRetry: (liveId: string) => void;
}

/** States in which an attempt may be asked for. */
const RETRIABLE: ReadonlySet<string> = new Set(["waiting", "ended", "silent"]);

/** An empty card of a link. */
export function newLiveCard(
  { live_id: liveId }: ListedLink,
  { onRetry, onStop }: LiveCardActions,
): HTMLLIElement {
  return el(
    "li",
    { class: "card live-card", "data-live-id": liveId },
    el(
      "div",
      { class: "live-head" },
      el(
        "h2",
        { id: nameId(liveId) },
        el("a", { href: livePath(liveId) }, liveId),
      ),
      el(
        "p",
        { class: "state" },
        el("span", { class: "dot", "aria-hidden": "true" }),
        el("span", { class: "state-text" }),
        el("span", { class: "source" }),
      ),
    ),
    el("div", { class: "rate" }),
    el("dl", { class: "live-facts" }),
    el("p", { class: "hint live-notice", hidden: true }),
    el(
      "p",
      { class: "actions" },
      el(
        "a",
        { ...named("button", liveId), href: livePath(liveId) },
        words.liveWatch,
      ),
      button(words.liveRetry, () => onRetry(liveId), named("retry", liveId)),
      button(words.liveStop, () => onStop(liveId), named("stop", liveId)),
    ),
  );
}

/** Shows on a card how its link is now. */
export function drawLiveCard(
  card: HTMLLIElement,
  link: ListedLink,
  language: string,
): void {
  part(card, ".dot").setAttribute("data-state", dotState(link));
  part(card, ".state-text").textContent = stateText(link);
  part(card, ".source").textContent = link.source;
  const counts = link.messages_per_minute;
  const now = counts.at(-1) ?? 0;
  const label = fill(words.livePerMinute, { count: now });
  part(card, ".rate").replaceChildren(
    sparkline(counts, label),
    el(
      "span",
      { "aria-hidden": "true" },
      fill(words.liveRate, { count: now }),
    ),
  );
  part(card, ".live-facts").replaceChildren(...factsOf(link, language));
  drawCountdown(card, link);
  part(card, ".retry").hidden = !RETRIABLE.has(link.state);
}

/** Shows on a card what its link waits for. */
export function drawCountdown(card: HTMLLIElement, link: ListedLink): void {
  const text = `${linkNotice(link)} ${countdownText(link)}`.trim();
  const notice = part(card, ".live-notice");
  if (notice.textContent !== text) showText(notice, text);
  notice.classList.toggle("bad", dotState(link) === "waiting");
}

/** The dot's colour: as of a connection of the page itself. */
export function dotState({ state }: { readonly state: string }): string {
  if (state === "live") return "open";
  return state === "ended" || state === "stopped" ? "off" : "waiting";
}

/** Which of many buttons of one name it is. */
function named(kind: string, liveId: string): Attributes {
  return { class: kind, "aria-describedby": nameId(liveId) };
}

function nameId(liveId: string): string {
  return `live-${liveId}`;
}

/** Where a live room is watched. */
function livePath(liveId: string): string {
  return `/live/${encodeURIComponent(liveId)}`;
}

function factsOf(link: ListedLink, language: string): HTMLElement[] {
  const number = new Intl.NumberFormat(language);
  const { current_viewers: viewers } = link.stats;
  return [
    fact(words.liveQuality, link.quality === null ? "–" : `${link.quality}`),
    fact(words.liveViewers, viewers === null ? "–" : number.format(viewers)),
    fact(words.liveWatchers, number.format(link.watchers)),
    fact(words.liveReconnects, number.format(link.reconnect_count)),
  ];
}

function fact(name: string, value: string): HTMLElement {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

function part(card: HTMLElement, selector: string): HTMLElement {
  const found = card.querySelector<HTMLElement>(selector);
  if (found !== null) return found;
  throw new Error(`Cannot find ${selector}: the card has no such element`);
}
