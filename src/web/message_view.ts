/**
 * One item of a room as an element.
 *
 * What a user typed goes in as text, and an address only where it leads to the
 * web or to this server.
 *
 * @module
 */
/// <reference lib="dom" />

import { button, el } from "./elements.ts";
import { fill } from "./fill.ts";
import type { Item, MessageItem } from "./message_book.ts";
import { safeLink } from "./safe_link.ts";
import { serverNow } from "./server_time.ts";
import { dayText, instantText, timeText } from "./times.ts";
import { words } from "./words.ts";

/** How long an own message may be taken back, in ms. */
export const DELETE_MS_MAX = 300_000;

/** What a message's buttons do. */
export interface MessageActions {
  onDelete(item: MessageItem): void;
  onSendAgain(item: MessageItem): void;
  onDiscard(item: MessageItem): void;
}

const { lang } = document.documentElement;

/** Fills the element of an item anew. */
export function drawItem(
  element: HTMLLIElement,
  item: Item,
  actions: MessageActions,
): void {
  element.dataset["day"] = dayText(item.at, lang);
  if (item.kind === "note") {
    element.className = "note";
    element.replaceChildren(el("span", {}, item.text));
    return;
  }
  element.className = item.isOwn ? "message own" : "message";
  element.dataset["state"] = item.state;
  element.dataset["author"] = item.author;
  element.replaceChildren(
    el("span", { class: "author" }, item.name),
    el("div", { class: "bubble" }, ...content(item)),
    meta(item, actions),
  );
}

function content(item: MessageItem): (Node | string)[] {
  if (item.isDeleted) {
    return [el("span", { class: "gone" }, words.chatDeleted)];
  }
  const parts: (Node | string)[] = [];
  if (item.fileUrl !== "") parts.push(attachment(item));
  if (item.text !== "") parts.push(el("p", { class: "text" }, item.text));
  return parts;
}

/** An own file is shown in place; what is elsewhere is only linked. */
function attachment({ type, fileUrl, fileName }: MessageItem): Node {
  const name = fileName || words.chatFile;
  const link = safeLink(fileUrl);
  if (link === undefined) return el("span", { class: "file" }, name);
  const { href, isOwn } = link;
  if (isOwn && type === "image") {
    const alt = fill(words.chatImage, { name });
    const image = el("img", { src: href, alt, loading: "lazy" });
    return el("a", { href, ...newTab(), class: "picture" }, image);
  }
  const isSound = type === "audio" || type === "voice";
  if (isOwn && isSound) {
    return el("audio", {
      src: href,
      controls: true,
      preload: "none",
      "aria-label": name,
    });
  }
  if (isOwn && type === "video") {
    return el("video", {
      src: href,
      controls: true,
      preload: "metadata",
      "aria-label": name,
    });
  }
  const sign = el("span", { "aria-hidden": "true" }, "↓ ");
  return el("a", { href, ...newTab(), class: "file" }, sign, name);
}

function newTab() {
  return { target: "_blank", rel: "noopener noreferrer" };
}

function meta(item: MessageItem, actions: MessageActions): HTMLElement {
  const time = el(
    "time",
    {
      datetime: new Date(item.at).toISOString(),
      title: instantText(item.at, lang),
    },
    timeText(item.at, lang),
  );
  const line = el("p", { class: "meta" }, time);
  if (!item.isOwn || item.isDeleted) return line;
  line.append(el("span", { class: "mark" }, markOf(item)));
  if (item.state === "failed") {
    line.append(
      button(words.chatSendAgain, () => actions.onSendAgain(item), {
        class: "small",
      }),
      button(words.chatDiscard, () => actions.onDiscard(item), {
        class: "small",
      }),
    );
  }
  const deletableMs = item.at + DELETE_MS_MAX - serverNow();
  if (item.state === "sent" && deletableMs > 0) {
    line.prepend(deleteButton(item, actions));
  }
  return line;
}

function deleteButton(
  item: MessageItem,
  actions: MessageActions,
): HTMLButtonElement {
  return button(words.chatDelete, () => actions.onDelete(item), {
    class: "small delete",
    "aria-label": words.chatDeleteLabel,
    "data-until": item.at + DELETE_MS_MAX,
  });
}

function markOf({ state, reason, isRead }: MessageItem): string {
  switch (state) {
    case "sending":
      return words.chatSending;
    case "unsent":
      return words.chatUnsent;
    case "failed":
      return fill(words.chatFailed, { reason });
    case "sent":
      return isRead ? `✓✓ ${words.chatRead}` : `✓ ${words.chatSent}`;
  }
}
