/**
 * Sends files to a room, each with its progress.
 *
 * `fetch` does not tell how much of a body is sent, so this is the older way.
 *
 * @module
 */
/// <reference lib="dom" />

import { answerOf, roomPath } from "./api.ts";
import { button, byId, el } from "./elements.ts";
import { fill } from "./fill.ts";
import { uploadForm, uploadKind } from "./upload_kind.ts";
import { words } from "./words.ts";

/** The files on their way to one room. */
export class Uploads {
  readonly #roomId: string;
  readonly #list = byId("uploads", HTMLUListElement);

  constructor(roomId: string) {
    this.#roomId = roomId;
  }

  /** Sends a file. The room says it to everyone when it is there. */
  send(file: File): void {
    const kind = uploadKind(file.type);
    const form = uploadForm(kind, file);
    const request = new XMLHttpRequest();
    const progress = el("progress", { max: 100, value: 0 });
    const row = el(
      "li",
      { class: "upload" },
      el("span", {}, fill(words.chatUploading, { name: file.name })),
      progress,
      button(words.cancel, () => request.abort(), { class: "small" }),
    );
    progress.setAttribute("aria-label", file.name);
    request.upload.onprogress = ({ loaded, total }) => {
      progress.value = total === 0 ? 0 : Math.round(loaded / total * 100);
    };
    request.onabort = () => row.remove();
    request.onerror = () => this.#fail(row, file, words.offlineReason);
    request.onload = () => {
      const { isOk, reason } = answerOf(request.status, request.responseText);
      if (isOk) row.remove();
      else this.#fail(row, file, reason);
    };
    request.open("POST", roomPath(this.#roomId, `send-${kind}/`));
    request.send(form);
    this.#list.append(row);
  }

  #fail(row: HTMLLIElement, file: File, reason: string): void {
    const text = fill(words.chatUploadFailed, { name: file.name, reason });
    row.classList.add("bad");
    row.replaceChildren(
      el("span", { role: "alert" }, text),
      button(words.chatSendAgain, () => {
        row.remove();
        this.send(file);
      }, { class: "small" }),
      button(words.chatDiscard, () => row.remove(), { class: "small" }),
    );
  }
}
