/**
 * One connection to a source, which keeps the contract of sources whatever the
 * source does: it opens in time or not at all, ends exactly once, and says
 * nothing after its end.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { inTime } from "../base/deadline.ts";
import type {
  FeedFault,
  LiveSource,
  SourceConnection,
  SourceEnd,
  SourceEvents,
  SourceMessage,
} from "./source.ts";

/** How long a connection may take to open, in ms. */
const CONNECT_MS_MAX = 10_000;

/** How long a polite end may take before it is forced, in ms. */
const CLOSE_MS_MAX = 1000;

export interface ConnectionOptions {
  readonly source: LiveSource;
  readonly liveId: string;
  readonly clock: Pick<Clock, "after">;
  readonly events: SourceEvents;
  /** Hears of what a listener or the source threw; it is a bug. */
  readonly onBug: (error: unknown) => void;
}

/** A connection that is opening, open, or over. */
export class Connection implements SourceEvents {
  readonly #options: ConnectionOptions;
  readonly #gone = Promise.withResolvers<void>();
  #inner: SourceConnection | undefined;
  #timer: Disposable | undefined;
  #isOpen = false;
  #isOver = false;
  #isPaused = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Begins; what comes of it is told, perhaps within this call. */
  open(): void {
    const { source, liveId, clock } = this.#options;
    this.#timer = clock.after(
      CONNECT_MS_MAX,
      () => this.cut({ fault: "connect_timeout" }),
    );
    try {
      this.#inner = source.connect(liveId, this);
    } catch (error) {
      this.onEnd({ fault: "connect_failed" });
      return this.#options.onBug(error);
    }
    // It may have ended, or been held back, before it was handed over.
    if (this.#isOver) this.#ask("cut");
    else if (this.#isPaused) this.#ask("pause");
  }

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#ask("pause");
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#ask("resume");
  }

  ping(): void {
    this.#ask("ping");
  }

  /** Ends it at once, and tells so. */
  cut(end: SourceEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
    this.#ask("cut");
    this.#tell((events) => events.onEnd(end));
  }

  /**
   * Ends it politely, by force after a second, and tells nothing more.
   *
   * @returns a promise that settles when it is gone, or should be.
   */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
    this.#ask("close");
    const { clock } = this.#options;
    const wait = { clock, msMax: CLOSE_MS_MAX, late: "late" } as const;
    if (await inTime(this.#gone.promise, wait) === "late") this.#ask("cut");
  }

  onOpen(): void {
    if (this.#isOver || this.#isOpen) return;
    this.#isOpen = true;
    this.#timer?.[Symbol.dispose]();
    this.#tell((events) => events.onOpen());
  }

  onMessages(messages: readonly SourceMessage[], keep?: () => void): void {
    const isNothing = messages.length === 0 && keep === undefined;
    if (this.#isOver || isNothing) return;
    // Whatever comes shows that it is open, whether or not it was said.
    this.onOpen();
    this.#tell((events) => events.onMessages(messages, keep));
  }

  onAlive(): void {
    if (!this.#isOver) this.#tell((events) => events.onAlive());
  }

  onFault(fault: FeedFault): void {
    if (!this.#isOver) this.#tell((events) => events.onFault(fault));
  }

  onEnd(end: SourceEnd): void {
    this.#gone.resolve();
    this.#end(end);
  }

  #end(end: SourceEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
    this.#tell((events) => events.onEnd(end));
  }

  #tell(say: (events: SourceEvents) => void): void {
    try {
      say(this.#options.events);
    } catch (error) {
      this.#options.onBug(error);
    }
  }

  #ask(what: "pause" | "resume" | "ping" | "close" | "cut"): void {
    try {
      this.#inner?.[what]();
    } catch (error) {
      this.#options.onBug(error);
    }
  }
}
