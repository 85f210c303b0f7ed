/**
 * Chat rooms that only remember what they were asked.
 *
 * @module
 */

import type { ChatRoom, ChatRooms, NewChatRoom } from "../../src/http/ports.ts";
import type { RoomFacts } from "../../src/room/room_facts.ts";
import type { Author, Outcome } from "../../src/room/room_input.ts";
import type { PostCommand } from "../../src/wire/command.ts";
import type { ChatError } from "../../src/wire/errors.ts";
import type { Person } from "../../src/wire/person.ts";
import type { ChatSpec } from "../../src/wire/record.ts";
import { START_AT } from "./fake_clock.ts";
import { FakeRoom } from "./fake_rooms.ts";

/** A user by an id; the nickname says it too. */
export function newPerson(userId: string): Person {
  return { userId, nickname: `${userId}的昵称` };
}

/** A room for two, or for those named. */
export function newChat(
  userIds: readonly string[],
  more: Partial<ChatSpec> = {},
): ChatSpec {
  return {
    access: "participants",
    participants: userIds.map(newPerson),
    isWaiting: false,
    ...more,
  };
}

/** What a user posted, and who. */
export interface Posted {
  readonly author: Author;
  readonly command: PostCommand;
}

/** A room whose answers a test sets. */
export class FakeChatRoom extends FakeRoom implements ChatRoom {
  readonly posts: Posted[] = [];
  /** What the next posts answer. */
  posted: Outcome = {
    seq: 7,
    id: "entry-7",
    at: START_AT,
    isRepeated: false,
  };
  /** What the next posts are refused with. */
  postRefusal: Error | undefined;

  constructor(id: string, facts: Partial<RoomFacts>) {
    super(id, { kind: "chat", name: "", adminUserIds: [], ...facts });
  }

  post(author: Author, command: PostCommand): Promise<Outcome> {
    if (this.postRefusal !== undefined) return Promise.reject(this.postRefusal);
    this.posts.push({ author, command });
    return Promise.resolve(this.posted);
  }
}

/** A directory that a test fills. */
export class FakeChatRooms implements ChatRooms {
  readonly specs: NewChatRoom[] = [];
  /** Ids that are public rooms once somebody enters. */
  readonly publicIds = new Set<string>();
  refusal: ChatError | undefined;
  readonly #rooms = new Map<string, FakeChatRoom>();

  get(roomId: string): FakeChatRoom | undefined {
    return this.#rooms.get(roomId);
  }

  all(): Iterable<FakeChatRoom> {
    return this.#rooms.values();
  }

  participating(userId: string): FakeChatRoom[] {
    const mine = [...this.#rooms.values()].filter((room) =>
      room.facts().chat?.participants.some((one) => one.userId === userId)
    );
    return mine.sort((one, other) =>
      other.facts().createdAt - one.facts().createdAt
    );
  }

  create(spec: NewChatRoom): FakeChatRoom {
    if (this.refusal !== undefined) throw this.refusal;
    this.specs.push(spec);
    return this.open(spec.id, spec.chat, { name: spec.name });
  }

  hasEnded(roomId: string): Promise<boolean> {
    return Promise.resolve(!this.publicIds.has(roomId));
  }

  makePublic(roomId: string, person: Person): FakeChatRoom | undefined {
    if (!this.publicIds.has(roomId)) return undefined;
    const chat = newChat([person.userId], { access: "open" });
    return this.open(roomId, chat, { pinned: "" });
  }

  open(
    roomId: string,
    chat: ChatSpec | null,
    facts: Partial<RoomFacts> = {},
  ): FakeChatRoom {
    const room = new FakeChatRoom(roomId, { chat, ...facts });
    this.#rooms.set(roomId, room);
    return room;
  }
}
