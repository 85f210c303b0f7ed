/**
 * Starts that are under way, one for each live id however many ask.
 *
 * @module
 */

import type { ChatError } from "../wire/errors.ts";
import type { Link } from "./link.ts";

interface Start {
  readonly abort: AbortController;
  readonly link: Promise<Link>;
}

/** The starts of one supervisor. */
export class LinkStarts {
  readonly #starts = new Map<string, Start>();

  get count(): number {
    return this.#starts.size;
  }

  /** What comes of the start that is under way. */
  of(liveId: string): Promise<Link> | undefined {
    return this.#starts.get(liveId)?.link;
  }

  /** Notes a start until it is over; there must be none of that live id. */
  begin(
    liveId: string,
    start: (signal: AbortSignal) => Promise<Link>,
  ): Promise<Link> {
    const abort = new AbortController();
    const link = start(abort.signal).finally(() => this.#starts.delete(liveId));
    this.#starts.set(liveId, { abort, link });
    return link;
  }

  /**
   * Ends a start. Settles once it is over.
   *
   * @param why what those who wait for it are told.
   * @returns whether there was one.
   */
  async abort(liveId: string, why: ChatError): Promise<boolean> {
    const start = this.#starts.get(liveId);
    start?.abort.abort(why);
    await start?.link.catch(() => {});
    return start !== undefined;
  }

  /** Ends all. Settles once they are over. */
  async abortAll(why: ChatError): Promise<void> {
    const liveIds = [...this.#starts.keys()];
    await Promise.all(liveIds.map((liveId) => this.abort(liveId, why)));
  }
}
