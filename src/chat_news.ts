/**
 * What users are pushed of their rooms and of each other, wherever they are.
 *
 * After a restart everyone comes back within seconds, and all whom that
 * concerns are to hear of it: so news is told in slices. What changes while it
 * is told waits for the next notice.
 *
 * @module
 */

import type { Clock } from "./base/clock.ts";
import type { Log } from "./base/log.ts";
import type { Yield } from "./base/turn.ts";
import { Slices } from "./jobs/slices.ts";
import { ChangeNotices } from "./presence/change_notices.ts";
import type { PresenceFacts } from "./wire/presence.ts";
import type { PushFrame } from "./wire/presence_frame.ts";
import type { ChatSpec } from "./wire/record.ts";

/** A room, as far as its participants concern it. */
export interface SharedRoom {
  readonly id: string;
  facts(): { readonly chat: ChatSpec | null };
}

export interface ChatNewsOptions {
  readonly clock: Clock;
  readonly yield: Yield;
  readonly log: Log;
  /** The live rooms that a user is a participant of. */
  readonly roomsOf: (userId: string) => readonly SharedRoom[];
  readonly factsOf: (userIds: readonly string[]) => Promise<PresenceFacts[]>;
  readonly hub: {
    isListening(userId: string): boolean;
    push(userId: string, frame: PushFrame): number;
  };
}

/** How long news is told before others get their turn, in ms. */
const SLICE_MS = 3;
/** Users whose facts are asked for at a time. */
const FACTS_MAX = 500;

/** Who is to hear of whom. */
type News = Map<string, Set<string>>;

/** Tells users what changed. */
export class ChatNews {
  readonly #options: ChatNewsOptions;
  readonly #rooms: ChangeNotices;
  readonly #stopping = new AbortController();

  constructor(options: ChatNewsOptions) {
    this.#options = options;
    this.#rooms = new ChangeNotices({
      ...options,
      onChange: (userIds) =>
        this.#newSlices().each(userIds, (userId) => {
          options.hub.push(userId, { type: "active_rooms_changed" });
        }),
    });
  }

  /** A room, or who is in it, is not what it was: its participants hear so. */
  roomChanged({ chat }: { readonly chat: ChatSpec | null }): void {
    for (const { userId } of chat?.participants ?? []) {
      if (this.#options.hub.isListening(userId)) this.#rooms.note(userId);
    }
  }

  /**
   * Users came, went, or are busy: they and those they talk to hear so.
   *
   * @returns once all were told. It never rejects: a failure is logged.
   */
  async presenceChanged(userIds: readonly string[]): Promise<void> {
    try {
      const slices = this.#newSlices();
      const news: News = new Map();
      await slices.each(userIds, (userId) => this.#gather(userId, news));
      const facts = await this.#factsOf(news, slices);
      await slices.each(news, ([reader, subjects]) => {
        this.#tell(reader, subjects, facts);
      });
    } catch (error) {
      const event = "presence_news_failed";
      const { log } = this.#options;
      log.warn("Cannot tell users who came and went", { event, error });
    }
  }

  /** Forgets what was not told yet, when the server stops. */
  [Symbol.dispose](): void {
    this.#rooms.stop();
    this.#stopping.abort();
  }

  #newSlices(): Slices {
    const { signal } = this.#stopping;
    return new Slices({ ...this.#options, sliceMs: SLICE_MS, signal });
  }

  #gather(userId: string, news: News): void {
    for (const reader of this.#readersOf(userId)) {
      const subjects = news.get(reader);
      if (subjects === undefined) news.set(reader, new Set([userId]));
      else subjects.add(userId);
    }
  }

  /** Of those who are gone only the database may know, so it is asked. */
  async #factsOf(
    news: News,
    slices: Slices,
  ): Promise<ReadonlyMap<string, PresenceFacts>> {
    const subjects = new Set<string>();
    await slices.each(news.values(), (some) => {
      for (const userId of some) subjects.add(userId);
    });
    const userIds = [...subjects];
    const facts = new Map<string, PresenceFacts>();
    for (let from = 0; from < userIds.length; from += FACTS_MAX) {
      if (this.#stopping.signal.aborted) break;
      if (from > 0) await slices.next();
      const some = userIds.slice(from, from + FACTS_MAX);
      for (const one of await this.#options.factsOf(some)) {
        facts.set(one.userId, one);
      }
    }
    return facts;
  }

  #tell(
    reader: string,
    subjects: ReadonlySet<string>,
    facts: ReadonlyMap<string, PresenceFacts>,
  ): void {
    const users: PresenceFacts[] = [];
    let rooms: readonly SharedRoom[] | undefined;
    const roomsOfReader = () => rooms ??= this.#options.roomsOf(reader);
    for (const userId of subjects) {
      const one = facts.get(userId);
      if (one !== undefined) users.push(asSeenBy(reader, one, roomsOfReader));
    }
    this.#options.hub.push(reader, { type: "presence_update", users });
  }

  *#readersOf(userId: string): Iterable<string> {
    const { hub, roomsOf } = this.#options;
    if (hub.isListening(userId)) yield userId;
    for (const room of roomsOf(userId)) {
      for (const { userId: other } of room.facts().chat?.participants ?? []) {
        if (other !== userId && hub.isListening(other)) yield other;
      }
    }
  }
}

/** Where others are is told only to those who take part in that room. */
function asSeenBy(
  reader: string,
  facts: PresenceFacts,
  roomsOfReader: () => readonly SharedRoom[],
): PresenceFacts {
  if (facts.roomId === null || facts.userId === reader) return facts;
  const isShared = roomsOfReader().some(({ id }) => id === facts.roomId);
  return isShared ? facts : { ...facts, roomId: null };
}
