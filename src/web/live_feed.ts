/**
 * What happens in a live room, newest at the end, with the reader's place kept.
 *
 * A reader who follows has the last lines and no more. One who reads further up
 * has a longer piece of the log; what is newer than that is let go until the
 * reader asks for the newest, from where the way back leads over all of it.
 *
 * @module
 */
/// <reference lib="dom" />

import { byId, el } from "./elements.ts";
import type { LiveItem } from "./live_facts.ts";
import { type LiveLine, liveLine } from "./live_line.ts";
import { type FeedLine, isAmong, LiveTail, seqOf } from "./live_tail.ts";
import { timeText } from "./times.ts";
import { words } from "./words.ts";

/** How near the end counts as at the end, in CSS pixels. */
const END_PX = 80;
/** Lines that are kept on the page while its reader follows. */
const LINES_MAX = 500;
/** Lines that are kept while its reader is further up. */
const PIECE_MAX = 2000;

/** The list of lines. */
export class LiveFeed {
  readonly #log = byId("log", HTMLElement);
  readonly #list = byId("feed", HTMLOListElement);
  readonly #toNewest = byId("to-newest", HTMLButtonElement);
  readonly #language = document.documentElement.lang;
  readonly #onForget: (seq: number) => void;
  readonly #tail = new LiveTail(PIECE_MAX);
  readonly #lines = new WeakMap<Element, FeedLine>();
  /** Stands at the end of a piece after which lines were let go. */
  readonly #cut = el("li", { class: "live-line live-note" }, words.liveCut);
  #isFollowing = true;
  #isDue = false;
  /** How large the log was when its end was last shown. */
  #size = "";

  /** @param onForget is told up to which number lines are not shown any more. */
  constructor(onForget: (seq: number) => void) {
    this.#onForget = onForget;
    this.#log.addEventListener("scroll", () => this.#onScroll());
    this.#toNewest.addEventListener("click", () => {
      this.#follow();
      this.#log.focus({ preventScroll: true });
    });
    new ResizeObserver(() => {
      if (this.#isFollowing) this.#toEnd();
    }).observe(this.#log);
  }

  /** Forgets what is shown. */
  clear(): void {
    this.#tail.clear();
    this.#list.replaceChildren();
    this.#isFollowing = true;
    this.#toNewest.hidden = true;
  }

  /** Adds a message, or a text of the page's own, at the end. */
  add(line: FeedLine): void {
    if (typeof line !== "string" && liveLine(line) === undefined) return;
    this.#tail.add(line);
    if (this.#isDue) return;
    // A flood is drawn once a frame, not once a message.
    this.#isDue = true;
    requestAnimationFrame(() => this.#draw());
  }

  /**
   * Adds older messages before all others.
   *
   * @returns whether any of them is to be seen.
   */
  addOlder(items: readonly LiveItem[]): boolean {
    const shown = this.#shown();
    const added = items
      .filter((item) => !isAmong(item, shown))
      .map((item) => this.#element(item))
      .filter((line) => line !== undefined);
    const fromEnd = this.#log.scrollHeight - this.#log.scrollTop;
    this.#list.prepend(...added);
    this.#log.scrollTop = this.#log.scrollHeight - fromEnd;
    this.#isFollowing = this.#isFollowing && added.length === 0;
    this.#boundPiece();
    return added.length > 0;
  }

  get #isCut(): boolean {
    return this.#cut.isConnected;
  }

  #draw(): void {
    this.#isDue = false;
    if (this.#isFollowing) return this.#follow();
    this.#toNewest.hidden = false;
    if (this.#isCut) return;
    if (!this.#tail.hasHole) {
      const roomCount = PIECE_MAX - this.#list.children.length;
      this.#append(this.#tail.takeFirst(Math.max(0, roomCount)));
    }
    if (this.#tail.count > 0) this.#list.append(this.#cut);
  }

  /** Shows the newest lines, and stays with them. */
  #follow(): void {
    const isApart = this.#isCut || this.#tail.hasHole;
    const lines = this.#tail.takeAll();
    if (isApart) this.#forgetFirst(this.#list.children.length);
    this.#onForget(this.#tail.droppedSeq);
    this.#forget(lines.splice(0, lines.length - LINES_MAX));
    this.#append(lines);
    this.#forgetFirst(this.#list.children.length - LINES_MAX);
    this.#toEnd();
  }

  /** A piece that grew at its beginning may have to end earlier. */
  #boundPiece(): void {
    const wasCut = this.#isCut;
    this.#cut.remove();
    const overCount = this.#list.children.length - PIECE_MAX;
    if (overCount > 0) {
      const last = [...this.#list.children].slice(-overCount);
      this.#tail.addFirst(this.#linesOf(last));
      for (const element of last) element.remove();
      this.#toNewest.hidden = false;
    }
    if (wasCut || overCount > 0) this.#list.append(this.#cut);
  }

  #forgetFirst(count: number): void {
    if (count <= 0) return;
    const first = [...this.#list.children].slice(0, count);
    this.#forget(this.#linesOf(first));
    for (const element of first) element.remove();
  }

  #forget(lines: readonly FeedLine[]): void {
    this.#onForget(Math.max(0, ...lines.map(seqOf)));
  }

  #shown(): FeedLine[] {
    return this.#linesOf([...this.#list.children]);
  }

  #linesOf(elements: readonly Element[]): FeedLine[] {
    return elements.map((element) => this.#lines.get(element))
      .filter((line) => line !== undefined);
  }

  #append(lines: readonly FeedLine[]): void {
    const elements = lines.map((line) => this.#element(line))
      .filter((element) => element !== undefined);
    this.#list.append(...elements);
  }

  #element(line: FeedLine): HTMLLIElement | undefined {
    const element = typeof line === "string"
      ? el("li", { class: "live-line live-note" }, line)
      : this.#message(line);
    if (element !== undefined) this.#lines.set(element, line);
    return element;
  }

  #message(item: LiveItem): HTMLLIElement | undefined {
    const line = liveLine(item);
    if (line === undefined) return undefined;
    const time = timeText(item.at, this.#language);
    return el(
      "li",
      { class: `live-line live-${line.kind}`, "data-seq": item.seq },
      el("time", { datetime: new Date(item.at).toISOString() }, time),
      el("p", { class: "live-words" }, ...contentOf(line)),
    );
  }

  #toEnd(): void {
    this.#isFollowing = true;
    this.#size = sizeOf(this.#log);
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#toNewest.hidden = true;
  }

  #onScroll(): void {
    // A window of another size moves the end away; no reader has left it.
    if (this.#isFollowing && sizeOf(this.#log) !== this.#size) {
      return this.#toEnd();
    }
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < END_PX;
    this.#isFollowing = isAtEnd && !this.#isCut;
    if (this.#isFollowing) this.#toNewest.hidden = true;
  }
}

function sizeOf({ clientHeight, clientWidth }: HTMLElement): string {
  return `${clientWidth} ${clientHeight}`;
}

function contentOf(
  { author, isHere, text }: LiveLine,
): (HTMLElement | string)[] {
  const said = el("span", { class: "live-text", dir: "auto" }, text);
  if (author === "") return [said];
  const name = el("bdi", { class: "live-author" }, author);
  const mark = el("span", { class: "live-here" }, words.liveHere);
  return isHere ? [name, " ", mark, " ", said] : [name, " ", said];
}
