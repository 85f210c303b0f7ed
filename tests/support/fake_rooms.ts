/**
 * Rooms that only remember what they were asked.
 *
 * @module
 */

import type { MemberFacts, RoomFacts } from "../../src/room/room_facts.ts";
import type { OperatorCommand } from "../../src/wire/command.ts";
import type { ChatError } from "../../src/wire/errors.ts";
import type { Penalty } from "../../src/store/store.ts";
import type {
  RoomDirectory,
  RoomHandle,
  RoomSpec,
} from "../../src/http/ports.ts";
import { START_AT } from "./fake_clock.ts";

/** A room whose answers a test sets. */
export class FakeRoom implements RoomHandle {
  readonly id: string;
  readonly commands: OperatorCommand[] = [];
  current: RoomFacts;
  people: MemberFacts[] = [];
  banned: Penalty[] = [];
  muted: Penalty[] = [];
  /** What the next commands answer. */
  outcome: { seq: number | null; id: string | null } = {
    seq: 7,
    id: "entry-7",
  };
  /** What the next commands are refused with. */
  refusal: Error | undefined;

  constructor(id: string, facts: Partial<RoomFacts> = {}) {
    this.id = id;
    this.current = {
      id,
      kind: "managed",
      chat: null,
      device: null,
      live: null,
      name: "测试房间",
      slowModeSecs: null,
      membersMax: null,
      pinned: null,
      autoClose: false,
      adminUserIds: ["admin1"],
      createdAt: START_AT,
      epoch: "epoch-1",
      lastSeq: 6,
      currentUsers: 0,
      sessions: 0,
      peakUsers: 0,
      totalJoins: 0,
      lastMessageAt: null,
      emptySinceAt: START_AT,
      ...facts,
    };
  }

  facts(): RoomFacts {
    return this.current;
  }

  members(): Iterable<MemberFacts> {
    return this.people;
  }

  bans(): readonly Penalty[] {
    return this.banned;
  }

  mutes(): readonly Penalty[] {
    return this.muted;
  }

  operate(
    command: OperatorCommand,
  ): Promise<{ seq: number | null; id: string | null }> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    this.commands.push(command);
    if (command.type === "set_settings") {
      this.current = { ...this.current, ...command.settings };
    }
    return Promise.resolve(this.outcome);
  }
}

/** A directory that a test fills. */
export class FakeRooms implements RoomDirectory {
  readonly specs: RoomSpec[] = [];
  refusal: ChatError | undefined;
  readonly #rooms = new Map<string, FakeRoom>();

  get(roomId: string): FakeRoom | undefined {
    return this.#rooms.get(roomId);
  }

  all(): Iterable<FakeRoom> {
    return this.#rooms.values();
  }

  create(spec: RoomSpec): FakeRoom {
    if (this.refusal !== undefined) throw this.refusal;
    this.specs.push(spec);
    return this.open(`room-${this.specs.length}`, { name: spec.name });
  }

  open(roomId: string, facts: Partial<RoomFacts> = {}): FakeRoom {
    const room = new FakeRoom(roomId, facts);
    this.#rooms.set(roomId, room);
    return room;
  }
}
