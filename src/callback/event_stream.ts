/**
 * The events of all rooms in one order, a page at a time, for a backend that
 * asks instead of being called.
 *
 * A backend that stores a page and its cursor in one transaction sees every
 * event exactly once. An event that was removed before it was asked for is
 * never skipped in silence: its cursor is refused.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { CallbackEvent } from "../wire/callback.ts";
import { ChatError } from "../wire/errors.ts";
import type { Bodies } from "./bodies.ts";
import { type Cursor, cursorText, parseCursor } from "./cursor.ts";
import type { EventLog, StreamBounds } from "./outbox.ts";

/** A page ends with the event that brings it to so many bytes of JSON. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** What a stream reads. */
export interface EventStreamOptions {
  readonly log: Pick<EventLog, "stream" | "streamBounds">;
  readonly bodies: Pick<Bodies, "bodyOf">;
}

/** Which events to give. */
export interface EventQuery {
  /** A cursor; absent is the oldest that is kept. */
  readonly after?: string;
  /** At least 1. */
  readonly limit: number;
}

/** Events in order. */
export interface EventPage {
  /** Each with its `id` and `cursor` before its body. */
  readonly events: readonly object[];
  /** To be asked for next. */
  readonly next: string;
  /** Whether there is more already. */
  readonly hasMore: boolean;
}

/** The stream of events. */
export class EventStream {
  readonly #options: EventStreamOptions;

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  /**
   * Events after a cursor: as many as were asked for, or fewer when they are
   * large, but one at least if there is one.
   *
   * @throws {ChatError} `bad_request` for what is no cursor; `cursor_expired`
   * for one of another database, or when what follows it was removed.
   */
  async page({ after, limit }: EventQuery): Promise<EventPage> {
    const { log } = this.#options;
    const cursor = after === undefined ? undefined : parseCursor(after);
    const from = cursor?.number ?? (await log.streamBounds()).purgedThrough;
    const events = await log.stream(from, limit + 1);
    // Asked after reading: events may have been removed before it.
    const bounds = await log.streamBounds();
    if (cursor !== undefined) checkCursor(cursor, bounds);
    const { epoch } = bounds;
    const told = await this.#tell(events.slice(0, limit), epoch);
    const number = events[told.length - 1]?.number ?? from;
    return {
      events: told,
      next: cursorText({ epoch, number }),
      hasMore: told.length < events.length,
    };
  }

  /** One after the other: no more is in memory than the page and one. */
  async #tell(
    events: readonly CallbackEvent[],
    epoch: string,
  ): Promise<object[]> {
    const told: object[] = [];
    let bytes = 0;
    for (const event of events) {
      const { id, number } = event;
      const body = await this.#options.bodies.bodyOf(event);
      const one = { id, cursor: cursorText({ epoch, number }), ...body };
      told.push(one);
      bytes += Buffer.byteLength(JSON.stringify(one));
      if (bytes >= PAGE_BYTES) break;
    }
    return told;
  }
}

function checkCursor({ epoch, number }: Cursor, bounds: StreamBounds): void {
  const isKnown = epoch === bounds.epoch && number <= bounds.last;
  if (!isKnown || number < bounds.purgedThrough) {
    throw new ChatError("cursor_expired");
  }
}
