/**
 * Live rooms that keep what they are fed in an array.
 *
 * @module
 */

import type { LiveRoom, LiveRooms } from "../../src/live/live_room.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { LiveMessage, LiveNews } from "../../src/wire/live.ts";

/** A room, with all that was fed to it and said in it. */
export class FakeLiveRoom implements LiveRoom {
  readonly id: string;
  readonly liveId: string;
  watcherCount = 0;
  isEnded = false;
  /** Whether it takes nothing for now. */
  isBusy = false;
  readonly fed: LiveMessage[] = [];
  readonly news: LiveNews[] = [];

  constructor(id: string, liveId: string) {
    this.id = id;
    this.liveId = liveId;
  }

  feed(
    messages: readonly LiveMessage[],
  ): Promise<{ keptCount: number; lastSeq: number }> {
    if (this.isEnded) return Promise.reject(new ChatError("room_ended"));
    if (this.isBusy) return Promise.reject(new ChatError("busy"));
    this.fed.push(...messages);
    const keptCount = messages.length;
    return Promise.resolve({ keptCount, lastSeq: this.fed.length });
  }

  announce(news: LiveNews): void {
    this.news.push(news);
  }

  /** The states that were told, in order. */
  get states(): string[] {
    return this.news.flatMap((one) =>
      one.type === "live_status" ? [one.status.state] : []
    );
  }

  /** What chat messages said, in order. */
  get contents(): string[] {
    return this.fed.flatMap(({ type, text }) =>
      type === "chat" ? [JSON.parse(text).content] : []
    );
  }
}

/** The rooms; each has the id `room-<number>`. */
export class FakeLiveRooms implements LiveRooms {
  readonly made: FakeLiveRoom[] = [];
  /** What `create` throws, if anything. */
  refusal: ChatError | undefined;

  find(liveId: string): FakeLiveRoom | undefined {
    return this.made.find((room) => room.liveId === liveId && !room.isEnded);
  }

  create(liveId: string): FakeLiveRoom {
    if (this.refusal !== undefined) throw this.refusal;
    const room = new FakeLiveRoom(`room-${this.made.length + 1}`, liveId);
    this.made.push(room);
    return room;
  }
}
