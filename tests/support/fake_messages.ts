/**
 * Messages as a database would tell them.
 *
 * @module
 */

import type { ChatReader } from "../../src/http/ports.ts";
import type { StoredRoom, UnreadQuery } from "../../src/store/store.ts";
import type { EntryPayloads, LogEntry } from "../../src/wire/entry.ts";
import type { ChatSpec } from "../../src/wire/record.ts";
import { START_AT } from "./fake_clock.ts";
import { newStoredRoom } from "./fake_history.ts";

type Message = LogEntry<"message">;

/** Which message, by whom. */
export interface MessageSpec {
  readonly roomId: string;
  readonly seq: number;
  readonly actor: string;
  readonly payload?: Partial<EntryPayloads["message"]>;
}

/** A message that was said as many ms after the start as its number. */
export function newMessage(
  { roomId, seq, actor, payload = {} }: MessageSpec,
): Message {
  return {
    roomId,
    seq,
    id: `id-${seq}`,
    at: START_AT + seq,
    kind: "message",
    actor,
    payload: {
      nickname: `${actor}的昵称`,
      content: `第${seq}条`,
      isAdmin: false,
      ...payload,
    },
  };
}

/** What a test put in, answered as the real store would. */
export class FakeMessages implements ChatReader {
  readonly stored = new Map<string, StoredRoom>();
  entries: Message[] = [];
  /** Who is banned, as `room user`. */
  readonly bans = new Set<string>();
  /** What every call is refused with. */
  failure: Error | undefined;

  /** Keeps a room that has ended. */
  end(roomId: string, chat: ChatSpec): void {
    const endedAt = START_AT + 60_000;
    const more = { kind: "chat", chat, status: "ended", endedAt } as const;
    const room = newStoredRoom(roomId, { ...more, adminUserIds: [] });
    this.stored.set(roomId, room);
  }

  room(roomId: string): Promise<StoredRoom | undefined> {
    return this.#answer(this.stored.get(roomId));
  }

  isBanned(roomId: string, userId: string): Promise<boolean> {
    return this.#answer(this.bans.has(`${roomId} ${userId}`));
  }

  message(roomId: string, seq: number): Promise<Message | undefined> {
    return this.#answer(this.#of(roomId).find((one) => one.seq === seq));
  }

  messages(
    roomId: string,
    { beforeSeq = Infinity, limit }: { beforeSeq?: number; limit: number },
  ): Promise<Message[]> {
    const earlier = this.#of(roomId).filter(({ seq }) => seq < beforeSeq);
    return this.#answer(earlier.slice(-limit));
  }

  lastMessages(roomIds: readonly string[]): Promise<Message[]> {
    const last = roomIds.map((roomId) => this.#of(roomId).at(-1));
    return this.#answer(last.filter((one) => one !== undefined));
  }

  unread(
    roomId: string,
    userId: string,
    { limit }: UnreadQuery,
  ): Promise<number[]> {
    const unread = this.#of(roomId).filter(({ actor, payload }) =>
      actor !== userId && payload.read === undefined
    );
    return this.#answer(unread.slice(0, limit).map(({ seq }) => seq));
  }

  #of(roomId: string): Message[] {
    return this.entries.filter((one) => one.roomId === roomId);
  }

  #answer<Value>(value: Value): Promise<Value> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return Promise.resolve(value);
  }
}
