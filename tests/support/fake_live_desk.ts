/**
 * Links and rooms of live ids as a test sets them.
 *
 * @module
 */

import type { LinkView } from "../../src/live/link_view.ts";
import type { Part } from "../../src/live/quality.ts";
import type { LiveDeps, LiveRoomHandle } from "../../src/http/ports.ts";
import type { LogPage, LogRange } from "../../src/room/log_window.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { LinkStatus, LiveStats } from "../../src/wire/live.ts";
import { START_AT } from "./fake_clock.ts";

/** A room whose log a test sets. */
export class FakeLiveRoom implements LiveRoomHandle {
  readonly id: string;
  entries: LogEntry[] = [];
  sessions = 0;
  hasMore = false;
  /** What the log is refused with. */
  failure: Error | undefined;
  /** What was asked of the log. */
  readonly ranges: LogRange[] = [];
  readonly log = {
    page: (range: LogRange): Promise<LogPage> => {
      this.ranges.push(range);
      if (this.failure !== undefined) return Promise.reject(this.failure);
      const { entries, hasMore } = this;
      return Promise.resolve({ entries, hasMore });
    },
  };

  constructor(id: string) {
    this.id = id;
  }

  facts(): ReturnType<LiveRoomHandle["facts"]> {
    const lastSeq = this.entries.at(-1)?.seq ?? 9;
    return { epoch: "epoch-1", lastSeq, sessions: this.sessions };
  }
}

/** A desk that only remembers what it was asked. */
export class FakeLiveDesk implements LiveDeps {
  isPublic = false;
  isChatOpen = false;
  defaultSource = "douyin";
  /** What was asked, in order. */
  readonly words: string[] = [];
  /** What the next calls are refused with. */
  refusal: Error | undefined;
  readonly #views = new Map<string, LinkView>();
  readonly #rooms = new Map<string, FakeLiveRoom>();
  readonly desk = {
    add: async (liveId: string, source?: string) => {
      await this.#note(`add ${liveId} ${source}`);
      const isNew = !this.#views.has(liveId);
      return { isNew, status: this.link(liveId).status };
    },
    remove: async (liveId: string) => {
      await this.#note(`remove ${liveId}`);
      return this.#views.delete(liveId);
    },
    retry: async (liveId: string) => {
      await this.#note(`retry ${liveId}`);
      const view = this.#views.get(liveId);
      if (view === undefined) throw new ChatError("live_not_found");
      return { ...view.status, state: "checking" as const };
    },
    view: (liveId: string) => this.#views.get(liveId),
    all: () => [...this.#views.values()],
  };
  readonly findRoom = (liveId: string): FakeLiveRoom | undefined =>
    this.#rooms.get(liveId);

  /** Makes a link there, unless it is. */
  link(liveId: string, status: Partial<LinkStatus> = {}): LinkView {
    const view = this.#views.get(liveId) ?? newLinkView(liveId, status);
    this.#views.set(liveId, view);
    return view;
  }

  /** Makes a room there. */
  room(liveId: string): FakeLiveRoom {
    const room = new FakeLiveRoom(`room-of-${liveId}`);
    this.#rooms.set(liveId, room);
    return room;
  }

  #note(word: string): Promise<void> {
    this.words.push(word);
    const { refusal } = this;
    return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
  }
}

/** How a link stands that is live and well. */
export function newLinkStatus(
  liveId: string,
  more: Partial<LinkStatus> = {},
): LinkStatus {
  return {
    liveId,
    source: "douyin",
    state: "live",
    isActive: true,
    isWanted: true,
    reconnectCount: 0,
    lastMessageAt: START_AT + 500,
    retryAt: null,
    fault: null,
    faultCode: null,
    warning: null,
    quality: 97,
    ...more,
  };
}

/** What a room has had that nothing came into. */
export const NO_LIVE_STATS: LiveStats = {
  messages: 0,
  chats: 0,
  gifts: 0,
  likes: 0,
  members: 0,
  follows: 0,
  currentViewers: null,
  totalViewers: null,
  totalViewersCount: null,
};

/** A link as it is shown. */
export function newLinkView(
  liveId: string,
  status: Partial<LinkStatus> = {},
): LinkView {
  return {
    status: newLinkStatus(liveId, status),
    stats: NO_LIVE_STATS,
    quality: {
      score: 97,
      parts: {
        liveShare: newPart(0.99, 50),
        reconnectsPerHour: newPart(1, 20),
        longestSilenceMs: newPart(30_000, 15),
        lagMs: { value: null, score: null, weight: 15 },
      },
    },
    perMinute: Array.from({ length: 60 }, (_, index) => index),
    roomId: `room-of-${liveId}`,
    addedAt: START_AT,
    failingSinceAt: null,
  };
}

function newPart(value: number, weight: number): Part {
  return { value, score: 98, weight };
}
