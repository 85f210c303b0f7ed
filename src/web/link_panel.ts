/**
 * The panel of the request that waits.
 *
 * @module
 */
/// <reference lib="dom" />

import type { PendingLink } from "./active_rooms.ts";
import { post } from "./api.ts";
import { Countdown } from "./countdown.ts";
import { byId } from "./elements.ts";
import { clockText } from "./times.ts";
import { words } from "./words.ts";

/** Shows a request, and cancels it. */
export class LinkPanel {
  readonly #onChange: () => void;
  readonly #panel = byId("link-panel", HTMLElement);
  readonly #left = new Countdown(byId("link-left", HTMLElement));

  /** @param onChange the request is not what it was. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    const cancel = byId("link-cancel", HTMLButtonElement);
    cancel.addEventListener("click", () => void this.#cancel());
  }

  /** Shows it; `null` hides the panel. */
  show(link: PendingLink | null): void {
    this.#panel.hidden = link === null;
    this.#left.stop();
    if (link === null) return;
    const { lang } = document.documentElement;
    const endsAt = Date.parse(link.expires_at);
    byId("link-status", HTMLElement).textContent = words.linkWaiting;
    byId("link-created", HTMLElement).textContent = clockText(
      Date.parse(link.created_at),
      lang,
    );
    byId("link-expires", HTMLElement).textContent = clockText(endsAt, lang);
    this.#left.start(endsAt, () => this.show(null));
  }

  async #cancel(): Promise<void> {
    await post("/tools/api/heart_link/cancel/");
    this.#onChange();
  }
}
