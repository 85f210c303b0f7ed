/**
 * The items of a room on the page: in order, with the reader's place kept.
 *
 * @module
 */
/// <reference lib="dom" />

import { byId, el, showText } from "./elements.ts";
import type { BookListener, Item } from "./message_book.ts";
import { drawItem, type MessageActions } from "./message_view.ts";
import { serverNow } from "./server_time.ts";
import { words } from "./words.ts";

/** How near the end counts as at the end, in CSS pixels. */
const END_PX = 80;
/** How near the beginning older pages are asked for, in CSS pixels. */
const BEGIN_PX = 300;
/** Two messages of one author within this are shown as one, in ms. */
const TOGETHER_MS = 300_000;
/** How often buttons whose time is over are taken away, in ms. */
const SWEEP_MS = 5000;

/** What a list asks of the page. */
export interface MessageListOptions {
  readonly actions: MessageActions;
  /** The reader is near the beginning. */
  readonly onNearBeginning: () => void;
}

/** Draws what the book holds. */
export class MessageList implements BookListener {
  readonly #options: MessageListOptions;
  readonly #log = byId("log", HTMLElement);
  readonly #list = byId("messages", HTMLOListElement);
  readonly #history = byId("history", HTMLElement);
  readonly #toNewest = byId("to-newest", HTMLButtonElement);
  readonly #elements = new Map<Item, HTMLLIElement>();
  readonly #items = new WeakMap<Element, Item>();
  /** Whether the reader is at the end and wants to stay there. */
  #isFollowing = true;
  #lastTop = 0;

  constructor(options: MessageListOptions) {
    this.#options = options;
    this.#log.addEventListener("scroll", () => this.#onScroll());
    this.#toNewest.addEventListener("click", () => this.toEnd());
    // A keyboard that opens, or an image that is there at last, moves the end.
    const resized = new ResizeObserver(() => {
      if (this.#isFollowing) this.toEnd();
    });
    resized.observe(this.#log);
    resized.observe(this.#list);
    setInterval(() => this.#sweep(), SWEEP_MS);
  }

  get #isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < END_PX;
  }

  /** Whether the reader would see what comes before the first item. */
  get isNearBeginning(): boolean {
    return this.#log.scrollTop < BEGIN_PX;
  }

  toEnd(): void {
    this.#isFollowing = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#toNewest.hidden = true;
  }

  /** Changes the list so that what the reader looks at stays where it is. */
  keepingPlace(change: () => void): void {
    const fromEnd = this.#log.scrollHeight - this.#log.scrollTop;
    change();
    if (this.#isFollowing) this.toEnd();
    else this.#log.scrollTop = this.#log.scrollHeight - fromEnd;
  }

  /** A line at the top: what comes before. */
  showHistory(text: string): void {
    showText(this.#history, text);
  }

  /** Something new came; a reader who is elsewhere is told. */
  showNew(): void {
    this.#toNewest.hidden = this.#isFollowing;
  }

  onPut(item: Item, next: Item | undefined): void {
    const element = this.#elementOf(item);
    const heldFocus = element.contains(document.activeElement);
    drawItem(element, item, this.#options.actions);
    const before = next === undefined ? null : this.#elementOf(next);
    const isInPlace = element.parentNode === this.#list &&
      element.nextSibling === before;
    const oldNext = element.nextElementSibling;
    if (!isInPlace) this.#list.insertBefore(element, before);
    if (!isInPlace && oldNext !== null) this.#join(oldNext);
    this.#join(element);
    this.#join(element.nextElementSibling);
    if (heldFocus) this.#log.focus();
    if (this.#isFollowing) this.toEnd();
  }

  onDrop(item: Item): void {
    const element = this.#elements.get(item);
    const next = element?.nextElementSibling ?? null;
    element?.remove();
    this.#elements.delete(item);
    this.#join(next);
  }

  #elementOf(item: Item): HTMLLIElement {
    const known = this.#elements.get(item);
    if (known !== undefined) return known;
    const made = el("li");
    this.#elements.set(item, made);
    this.#items.set(made, item);
    return made;
  }

  /** Shows the day and the author only where they are new. */
  #join(element: Element | null): void {
    if (!(element instanceof HTMLElement)) return;
    const item = this.#items.get(element);
    const last = element.previousElementSibling;
    const before = last === null ? undefined : this.#items.get(last);
    const lastDay = last instanceof HTMLElement ? last.dataset["day"] : "";
    const day = element.dataset["day"] ?? "";
    if (day === lastDay) delete element.dataset["newDay"];
    else element.dataset["newDay"] = day;
    const isSame = item?.kind === "message" && before?.kind === "message" &&
      day === lastDay && item.author === before.author &&
      item.at - before.at < TOGETHER_MS;
    element.classList.toggle("follows", isSame);
  }

  #onScroll(): void {
    const { scrollTop } = this.#log;
    // What grows at the end moves nothing up: only a reader does.
    if (this.#isAtEnd) this.#isFollowing = true;
    else if (scrollTop < this.#lastTop) this.#isFollowing = false;
    this.#lastTop = scrollTop;
    if (this.#isFollowing) this.#toNewest.hidden = true;
    if (this.isNearBeginning) this.#options.onNearBeginning();
  }

  #sweep(): void {
    const now = serverNow();
    for (const one of this.#list.querySelectorAll("button[data-until]")) {
      const isOver = one instanceof HTMLElement &&
        Number(one.dataset["until"]) <= now;
      if (isOver) one.remove();
    }
  }
}

/** What stands above the first item. */
export function historyText(
  facts: { isLoading: boolean; isAtBeginning: boolean; isEmpty: boolean },
): string {
  if (facts.isLoading) return words.chatLoading;
  if (!facts.isAtBeginning) return "";
  return facts.isEmpty ? words.chatEmpty : words.chatBegin;
}
