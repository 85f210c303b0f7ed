/**
 * Sends sessions that come back the part of the log they missed.
 *
 * Each session gets it at its own pace: the next page is read when the last one
 * has mostly gone out. A bounded number of pages are read at a time, so that a
 * thousand reconnects do not become a thousand reads at once, and a session
 * that reads slowly keeps no other from its page.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import { Ring } from "../base/ring.ts";
import type { LogEntry } from "../wire/entry.ts";
import { Packet, type Said } from "../wire/packet.ts";
import type { LogWindow } from "./log_window.ts";
import type { RoomInput } from "./room_input.ts";
import type { Session } from "./session.ts";

/** Entries read at a time. */
const PAGE_ENTRIES = 50;

/** A room that is read from. */
export interface ReplaySource {
  readonly id: string;
  readonly log: LogWindow;
  offer(input: RoomInput): boolean;
}

interface Replay {
  readonly source: ReplaySource;
  readonly session: Session;
  readonly afterSeq: number;
}

/** Runs the replays of all rooms. */
export class Replayer {
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #runningMax: number;
  readonly #waiting = new Ring<Replay>();
  #runningCount = 0;

  /** @param options.runningMax most pages that are read at a time. */
  constructor(options: { log: Log; metrics: Metrics; runningMax: number }) {
    this.#log = options.log;
    this.#metrics = options.metrics;
    this.#runningMax = options.runningMax;
  }

  /**
   * Sends the log after a number, up to its end, then posts `replayed`;
   * or posts `replay_failed` when it cannot be read. There is one replay a
   * session at most, so the line has the bound that sessions have.
   */
  start(source: ReplaySource, session: Session, afterSeq: number): void {
    this.#metrics.replays.inc();
    this.#waiting.push({ source, session, afterSeq });
    this.#runNext();
  }

  #runNext(): void {
    if (this.#runningCount >= this.#runningMax) return;
    const replay = this.#waiting.shift();
    if (replay === undefined) return;
    this.#runningCount += 1;
    this.#sendPage(replay).finally(() => {
      this.#runningCount -= 1;
      this.#runNext();
    });
  }

  async #sendPage(replay: Replay): Promise<void> {
    const { source, session, afterSeq } = replay;
    try {
      const page = { afterSeq, limit: PAGE_ENTRIES };
      const { entries } = await source.log.page(page);
      const throughSeq = entries.at(-1)?.seq ?? afterSeq;
      if (entries.length === 0 && afterSeq < source.log.lastSeq) {
        throw new Error(`Cannot find the log after ${afterSeq}`);
      }
      if (entries.length > 0) {
        const packet = packetOf(entries, session);
        const count = packet === null ? 0 : session.deliver(packet);
        this.#metrics.deliveries.inc(count);
      }
      this.#goOn({ ...replay, afterSeq: throughSeq });
    } catch (error) {
      this.#log.warn("Failed to read the log for a session that resumes", {
        event: "replay_failed",
        room: source.id,
        error,
      });
      source.offer({ kind: "replay_failed", session });
    }
  }

  /** Stands in line again once the session has read, in nobody's place. */
  async #goOn({ source, session, afterSeq }: Replay): Promise<void> {
    if (!await session.drained()) return;
    if (afterSeq >= source.log.lastSeq) {
      source.offer({ kind: "replayed", session, throughSeq: afterSeq });
      return;
    }
    this.#waiting.push({ source, session, afterSeq });
    this.#runNext();
  }
}

/**
 * Entries that a session is owed: none of them may be dropped. `null` when its
 * dialect has a word for none of them.
 */
function packetOf(
  entries: readonly LogEntry[],
  { dialect, userId }: Session,
): Packet | null {
  const said: Said[] = [];
  for (const entry of entries) {
    const frame = dialect.encode({ type: "entry", entry }, userId);
    if (frame !== null) said.push({ frame, droppable: false, seq: entry.seq });
  }
  return said.length === 0 ? null : new Packet(said);
}
