/**
 * One link to the outside: asks, connects, listens, and begins again.
 *
 * It is a state machine that never waits: each step ends in a state, and what
 * a step began tells of itself later. A step that was left behind is deaf, so
 * that nothing late changes a later state.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { ErrorCode } from "../wire/errors.ts";
import type { LinkState, LinkStatus } from "../wire/live.ts";
import { Failing } from "./failing.ts";
import type { Ladder } from "./ladder.ts";
import type { LinkFeed } from "./link_feed.ts";
import { LinkLog } from "./link_log.ts";
import type { LinkRecord } from "./link_record.ts";
import { Listening } from "./listening.ts";
import { checkRoom } from "./room_check.ts";
import { silentText } from "./seed_texts.ts";
import type { LiveSource, RoomStatus, SourceEnd } from "./source.ts";
import { lastFault, type Standing, standingOf } from "./standing.ts";

/** From one look at an ended room that is followed to the next, in ms. */
const FOLLOW_MS = 60_000;

/** Answers in a row that say `ended`, until it is believed. */
const ENDED_ANSWERS_MIN = 2;

/** What the owner of a link hears of it. */
export interface LinkEvents {
  /** Its status is another. */
  onChange(): void;
  /** The platform says that the room is over. */
  onEnded(): void;
}

export interface LinkOptions {
  readonly record: LinkRecord;
  readonly feed: LinkFeed;
  readonly ladder: Ladder;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, "liveFeedFaults" | "liveLinkFaults">;
  readonly events: LinkEvents;
  /** See {@linkcode HealthOptions}. */
  readonly stallMs: number;
  readonly pingMs: number;
  /** Whether an ended room is looked at until it is live again. */
  readonly isFollowing: boolean;
}

/** A link, from when it is first known on; see {@linkcode LinkState}. */
export class Link {
  readonly record: LinkRecord;
  readonly feed: LinkFeed;
  readonly #options: LinkOptions;
  readonly #log: LinkLog;
  readonly #failing: Failing;
  #source: LiveSource;
  #standing: Standing;
  #touchedAt = 0;
  #endedAnswers = 0;
  /** Why the room took nothing when that was last looked at. */
  #refusal: ErrorCode | null = null;
  /** What goes on now: a question, a wait, a connection; at most one. */
  #step = new AbortController();
  #timer: Disposable | undefined;
  #listening: Listening | undefined;

  constructor(source: LiveSource, options: LinkOptions) {
    const { record, log } = options;
    this.record = record;
    this.feed = options.feed;
    this.#options = options;
    this.#source = source;
    this.#log = new LinkLog(log, record.liveId);
    this.#failing = new Failing(options);
    this.#standing = standingOf(firstState(record));
  }

  get state(): LinkState {
    return this.#standing.state;
  }

  /** Whether it is live, or about to be. */
  get isUnderWay(): boolean {
    return this.state !== "ended" && this.state !== "stopped";
  }

  /** Whether it waits for nothing of its own: for its lease, or to begin. */
  get isLeaseless(): boolean {
    return this.state === "waiting" && this.#standing.retryAt === null;
  }

  status(): LinkStatus {
    const { clock } = this.#options;
    const { record } = this;
    const { memory, addedAt } = record;
    return {
      liveId: record.liveId,
      source: record.source,
      ...this.#standing,
      isActive: this.state === "live" || this.state === "silent",
      isWanted: record.isWanted,
      reconnectCount: memory.reconnectCount,
      lastMessageAt: Math.max(memory.lastMessageAt, addedAt, this.#touchedAt),
      quality: memory.quality(clock.now()).score,
    };
  }

  get source(): LiveSource {
    return this.#source;
  }

  /** Goes by this source from the next step on. */
  use(source: LiveSource): void {
    this.#source = source;
    this.record.source = source.name;
  }

  /** The record was read anew. */
  reread(): void {
    this.#endedAnswers = 0;
  }

  /** Asks whether the room is live, and connects if it is. */
  begin(): void {
    void this.#leave();
    if (!this.record.isEnded) return this.#check();
    this.#become("ended", lastFault(this.#standing));
    this.#poll();
  }

  /** Connects to a room that is known to be live. */
  connect(): void {
    void this.#leave();
    this.#endedAnswers = 0;
    this.record.isEnded = false;
    this.record.hasRun = true;
    this.#become("connecting", lastFault(this.#standing));
    this.#log.connecting();
    this.#listening = this.#newListening();
    this.#listening.start();
  }

  /** The link is not ours, or not for certain: nothing is done until it is. */
  awaitLease(fault: "lease_held" | "storage_unavailable"): void {
    void this.#leave();
    this.#failing.pause();
    this.#options.metrics.liveLinkFaults.inc({ fault });
    this.#become("waiting", { fault });
  }

  /** Begins after a while, so that many links do not begin at once. */
  beginIn(waitMs: number): void {
    if (waitMs === 0) return this.begin();
    void this.#leave();
    const retryAt = this.#options.clock.now() + waitMs;
    const state = this.record.isEnded ? "ended" : "waiting";
    this.#become(state, { ...lastFault(this.#standing), retryAt });
    this.#after(waitMs, () => this.begin());
  }

  /** Tries now, unless it is connected, on its way, or another's. */
  retry(): void {
    const { state, retryAt } = this.#standing;
    const { record } = this;
    if (state === "ended") {
      record.isWanted = true;
      record.isEnded = false;
      this.#endedAnswers = ENDED_ANSWERS_MIN - 1;
      return this.begin();
    }
    const isWaiting = state === "waiting" && retryAt !== null;
    if (isWaiting || state === "silent") this.#reconnect();
  }

  /** The room is over. */
  end(): void {
    const { isFollowing, events } = this.#options;
    const { record } = this;
    void this.#leave();
    this.#failing.end();
    record.isEnded = true;
    record.isWanted = isFollowing;
    this.#log.ended();
    if (isFollowing) this.#pollLater();
    else this.#become("ended");
    events.onEnded();
  }

  /**
   * Nobody wants it any more.
   *
   * @returns a promise that settles when its connection is gone.
   */
  stop(): Promise<void> {
    const { record } = this;
    const gone = this.#leave();
    this.#failing.end();
    record.isWanted = false;
    record.isEnded = false;
    this.#become("stopped");
    return gone;
  }

  /**
   * Ends what goes on because the process does; it stays wanted.
   *
   * @returns a promise that settles when its connection is gone.
   */
  halt(): Promise<void> {
    const gone = this.#leave();
    // The time that nobody runs it is not time that it fails.
    this.#failing.pause();
    this.record.memory.noteState("stopped", this.#options.clock.now());
    return gone;
  }

  /** Somebody outside saw a message. */
  touch(): void {
    this.#touchedAt = this.#options.clock.now();
    this.#listening?.touch();
    this.#endSilence();
  }

  /** The room takes no more for now, or takes more again. */
  hold(isFull: boolean): void {
    this.#listening?.hold(isFull);
  }

  /** Looks whether the connection is alive, and the room takes what comes. */
  look(): void {
    this.#listening?.look();
    const { refusal } = this.feed;
    if (refusal !== null && refusal !== this.#refusal) {
      this.#log.refused(refusal);
    }
    this.#refusal = refusal;
  }

  #check(): void {
    this.record.hasRun = true;
    this.#become("checking", lastFault(this.#standing));
    this.#ask((answer) => this.#onAnswer(answer));
  }

  #onAnswer(answer: RoomStatus): void {
    if (answer.kind === "live") return this.connect();
    if (answer.kind === "abnormal") {
      this.#endedAnswers = 0;
      return this.#fail({ fault: "status_abnormal", code: answer.code });
    }
    if (answer.kind === "unknown") {
      this.#endedAnswers = 0;
      return this.#fail({ fault: answer.fault });
    }
    this.#endedAnswers += 1;
    if (this.#endedAnswers >= ENDED_ANSWERS_MIN) return this.end();
    this.#wait(lastFault(this.#standing));
  }

  /** Asks in the background whether an ended room is live again. */
  #poll(): void {
    this.#ask((answer) => {
      if (answer.kind === "live") this.connect();
      else this.#pollLater();
    });
  }

  #pollLater(): void {
    const retryAt = this.#options.clock.now() + FOLLOW_MS;
    this.#become("ended", { retryAt });
    this.#after(FOLLOW_MS, () => this.#poll());
  }

  /** Has an answer heard, unless this step is left before. */
  #ask(hear: (answer: RoomStatus) => void): void {
    const { clock } = this.#options;
    const { signal } = this.#step;
    const { liveId } = this.record;
    checkRoom({ source: this.#source, liveId, clock, signal })
      .then((answer) => {
        if (!signal.aborted) hear(answer);
      })
      .catch((error) => this.#log.broke(error));
  }

  #newListening(): Listening {
    return new Listening({
      ...this.#options,
      source: this.#source,
      liveId: this.record.liveId,
      events: {
        onOpen: () => {
          this.#become("live");
          this.#log.opened();
        },
        onHeard: () => {
          this.#endFailing();
          this.#endSilence();
        },
        onSilent: () => this.#fallSilent(),
        onOver: () => this.end(),
        onEnd: (end) => this.#fail(end),
        onBug: (error) => this.#log.broke(error),
      },
    });
  }

  #fail(end: SourceEnd): void {
    const { fault, code } = end;
    this.#options.metrics.liveLinkFaults.inc({ fault });
    this.#log.failed(end);
    this.#wait({ fault, faultCode: code ?? null });
  }

  #wait(why: Partial<Standing>): void {
    void this.#leave();
    const waitMs = this.#failing.waitMs();
    const retryAt = this.#options.clock.now() + waitMs;
    this.#become("waiting", { ...why, retryAt });
    this.#after(waitMs, () => this.#reconnect());
  }

  #reconnect(): void {
    void this.#leave();
    this.#log.retried(this.#failing.attempt());
    this.#check();
  }

  #endFailing(): void {
    if (!this.#failing.end()) return;
    this.#log.restored();
    this.#options.events.onChange();
  }

  #fallSilent(): void {
    if (this.state !== "live") return;
    this.#log.silent();
    const warning = silentText(this.record.liveId);
    this.#become("silent", { warning });
  }

  #endSilence(): void {
    if (this.state !== "silent") return;
    this.#become("live");
  }

  /** Ends whatever goes on; nothing of it is heard any more. */
  #leave(): Promise<void> {
    this.#step.abort();
    this.#step = new AbortController();
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const listening = this.#listening;
    this.#listening = undefined;
    return listening?.close() ?? Promise.resolve();
  }

  #become(state: LinkState, more: Partial<Standing> = {}): void {
    const { clock, events } = this.#options;
    this.#standing = { ...standingOf(state), ...more };
    this.record.memory.noteState(state, clock.now());
    events.onChange();
  }

  #after(waitMs: number, run: () => void): void {
    this.#timer = this.#options.clock.after(waitMs, run);
  }
}

function firstState({ isEnded, isWanted }: LinkRecord): LinkState {
  if (isEnded) return "ended";
  return isWanted ? "waiting" : "stopped";
}
