/**
 * Listening to a live room: one connection, its health, and what it brings.
 *
 * What came before shows that the other side is there, and nothing more: one
 * that says the same again and again is as silent as one that says nothing.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Metrics } from "../base/metrics.ts";
import { Connection } from "./connection.ts";
import { Health } from "./health.ts";
import type { LinkFeed } from "./link_feed.ts";
import {
  isEnd,
  type LiveSource,
  type SourceEnd,
  type SourceMessage,
} from "./source.ts";

/** What is heard of a connection. Nothing is told after `onOver` or `onEnd`. */
export interface ListeningEvents {
  onOpen(): void;
  /** Messages came that had not come before; they are taken. */
  onHeard(): void;
  /** None came for long enough; told at every look. */
  onSilent(): void;
  /** The last message said that the room is over. */
  onOver(): void;
  /** The connection is gone. */
  onEnd(end: SourceEnd): void;
  /** A listener or the source threw. */
  onBug(error: unknown): void;
}

export interface ListeningOptions {
  readonly source: LiveSource;
  readonly liveId: string;
  readonly feed: LinkFeed;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, "liveFeedFaults">;
  /** See {@linkcode HealthOptions}. */
  readonly stallMs: number;
  readonly pingMs: number;
  readonly events: ListeningEvents;
}

/** A connection, from when it is asked for until it is left. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #connection: Connection;
  /** There once the connection is open. */
  #health: Health | undefined;

  constructor(options: ListeningOptions) {
    const { source, liveId, clock, metrics, events } = options;
    this.#options = options;
    this.#connection = new Connection({
      source,
      liveId,
      clock,
      events: {
        onOpen: () => this.#onOpen(),
        onMessages: (messages, keep) => this.#onMessages(messages, keep),
        onAlive: () => this.#health?.alive(),
        onFault: (fault) => metrics.liveFeedFaults.inc({ fault }),
        onEnd: (end) => events.onEnd(end),
      },
      onBug: (error) => {
        events.onBug(error);
        this.#connection.cut({ fault: "closed" });
      },
    });
  }

  /** Connects; what comes of it is told, perhaps within this call. */
  start(): void {
    this.#connection.open();
  }

  /** Looks whether it is alive, and cuts it if it is not. */
  look(): void {
    const { clock, feed, source, events } = this.#options;
    const health = this.#health;
    if (health === undefined) return;
    const now = clock.monotonic();
    if (feed.isFull) return health.held(now);
    const finding = health.look(now, source.answersPings);
    if (finding.isSilent) events.onSilent();
    if (finding.isPingDue) this.#connection.ping();
    if (finding.fault !== null) this.#connection.cut({ fault: finding.fault });
  }

  /** A message came, by another's word. */
  touch(): void {
    this.#health?.heard(this.#options.clock.monotonic());
  }

  /** The room takes no more for now, or takes more again. */
  hold(isFull: boolean): void {
    this.#health?.held(this.#options.clock.monotonic());
    if (isFull) this.#connection.pause();
    else this.#connection.resume();
  }

  /** Ends it, and tells nothing more. Settles when it is gone. */
  close(): Promise<void> {
    this.#health = undefined;
    return this.#connection.close();
  }

  #onOpen(): void {
    const { clock, feed, stallMs, pingMs, events } = this.#options;
    this.#health = new Health({ stallMs, pingMs }, clock.monotonic());
    events.onOpen();
    if (feed.isFull) this.#connection.pause();
  }

  #onMessages(messages: readonly SourceMessage[], keep?: () => void): void {
    const { clock, feed, events } = this.#options;
    this.#health?.alive();
    const fresh = feed.take(messages, keep);
    // What is told that all is kept may have ended the connection.
    if (fresh.length === 0 || this.#health === undefined) return;
    this.#health.heard(clock.monotonic());
    events.onHeard();
    // An end that came before is that of an earlier broadcast.
    if (fresh.some(isEnd)) events.onOver();
  }
}
