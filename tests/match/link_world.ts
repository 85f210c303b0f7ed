/**
 * Heart links over rooms, a recorder and a database that a test steers.
 *
 * @module
 */

import type { Ids } from "../../src/base/ids.ts";
import { HeartLinks } from "../../src/match/heart_links.ts";
import type {
  ActiveRoomSpec,
  LinkRooms,
  PartneredRoom,
} from "../../src/match/link_ports.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { Person } from "../../src/wire/person.ts";
import type { HeartLinkFrame } from "../../src/wire/presence_frame.ts";
import type { ChatSpec, DurableRecord } from "../../src/wire/record.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { LinkTable } from "./link_table.ts";

/** A room of the world. */
export interface WorldRoom {
  readonly id: string;
  /** 1, 2, 3… in the order in which rooms were made. */
  readonly order: number;
  participants: Person[];
  isWaiting: boolean;
  isEnded: boolean;
}

/** A turn that was asked for and is not taken yet. */
export interface HeldTurn {
  readonly roomId: string;
  readonly newcomer: Person;
  /** Takes the turn, or fails; it may be taken and its answer fail. */
  land(failure?: Error, answer?: Error): void;
}

/** What a world is made of, beside what is new. */
export interface WorldOptions {
  readonly openMax?: number;
  readonly closedMax?: number;
}

/** A user by one letter or more. */
export function person(userId: string): Person {
  return { userId, nickname: `Nick ${userId}` };
}

export class LinkWorld implements LinkRooms {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly table = new LinkTable();
  readonly rooms = new Map<string, WorldRoom>();
  readonly records: DurableRecord[] = [];
  readonly pushed: { userId: string; frame: HeartLinkFrame }[] = [];
  /** Rooms that were asked to open, in order, with who came. */
  readonly asked: { roomId: string; newcomer: string }[] = [];
  readonly turns: HeldTurn[] = [];
  links: HeartLinks;
  /** Whether turns wait until the test lands them. */
  holdsTurns = false;
  /** Whether nothing can be recorded. */
  isStorageDown = false;
  /** Whether rooms cannot be ended. */
  isEndBroken = false;
  /** What the next turns fail with, first to last. */
  readonly failures: Error[] = [];
  /** Whether a room may be made. */
  hasRoomLeft = true;
  readonly #options: WorldOptions;
  readonly #ids = countingIds();
  #roomOrder = 0;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.links = this.#newLinks();
  }

  /** Ends this run and begins another; turns under way are never taken. */
  async restart(): Promise<void> {
    this.stop();
    this.turns.length = 0;
    this.links = this.#newLinks();
    await this.links.start();
  }

  stop(): void {
    this.links[Symbol.dispose]();
  }

  room(roomId: string): WorldRoom {
    const room = this.rooms.get(roomId);
    if (room === undefined) throw new Error(`There is no room ${roomId}`);
    return room;
  }

  /** Rooms in which somebody waits. */
  get waiting(): WorldRoom[] {
    return [...this.rooms.values()].filter(({ isWaiting, isEnded }) =>
      isWaiting && !isEnded
    );
  }

  /** The users of each active room, oldest room first. */
  get pairs(): string[][] {
    return [...this.rooms.values()]
      .filter(({ isWaiting, isEnded }) => !isWaiting && !isEnded)
      .map(({ participants }) => participants.map(({ userId }) => userId));
  }

  /** What people were told, as `user status`. */
  get told(): string[] {
    return this.pushed.map(({ userId, frame }) => `${userId} ${frame.status}`);
  }

  /** What somebody else ends: an operator, or the reaper. */
  endRoom(roomId: string): void {
    const room = this.room(roomId);
    if (room.isEnded) return;
    room.isEnded = true;
    this.table.endRoom(roomId);
    this.links.roomEnded(roomId);
  }

  accept(records: readonly DurableRecord[]): boolean {
    if (this.isStorageDown) return false;
    this.records.push(...records);
    this.table.apply(records);
    return true;
  }

  openWaiting(
    user: Person,
    also: (roomId: string) => readonly DurableRecord[],
  ): string {
    if (!this.hasRoomLeft) throw new ChatError("too_many_rooms");
    const id = `room-${this.#roomOrder + 1}`;
    if (!this.accept(also(id))) throw new ChatError("storage_unavailable");
    this.#add(id, [user], true);
    return id;
  }

  openFor(
    roomId: string,
    newcomer: Person,
    records: readonly DurableRecord[],
  ): Promise<void> {
    this.asked.push({ roomId, newcomer: newcomer.userId });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { links } = this;
    const turn: HeldTurn = {
      roomId,
      newcomer,
      land: (failure, answer) => {
        // What an earlier run asked for is never taken.
        if (links !== this.links) return;
        const refusal = failure ?? this.failures.shift() ??
          this.#open({ roomId, newcomer, records }) ?? answer;
        if (refusal === undefined) resolve();
        else reject(refusal);
      },
    };
    if (this.holdsTurns) this.turns.push(turn);
    else queueMicrotask(() => turn.land());
    return promise;
  }

  createActive({ id, participants, records }: ActiveRoomSpec): void {
    if (!this.hasRoomLeft) throw new ChatError("too_many_rooms");
    if (!this.accept(records)) throw new ChatError("storage_unavailable");
    this.#add(id, [...participants], false);
  }

  end(roomId: string): Promise<void> {
    const room = this.rooms.get(roomId);
    if (room === undefined || room.isEnded) {
      return Promise.reject(new ChatError("room_ended"));
    }
    if (this.isEndBroken || this.isStorageDown) {
      return Promise.reject(new ChatError("storage_unavailable"));
    }
    this.endRoom(roomId);
    return Promise.resolve();
  }

  activeRoomOf(userId: string): PartneredRoom | undefined {
    const rooms = [...this.rooms.values()].filter((room) =>
      !room.isWaiting && !room.isEnded &&
      room.participants.some((one) => one.userId === userId)
    );
    const room = rooms.at(-1);
    if (room === undefined) return undefined;
    const partner = room.participants.find((one) => one.userId !== userId);
    return { roomId: room.id, partner: partner ?? null };
  }

  chatOf(roomId: string): ChatSpec | undefined {
    const room = this.rooms.get(roomId);
    if (room === undefined || room.isEnded) return undefined;
    const { participants, isWaiting } = room;
    return { access: "participants", participants, isWaiting };
  }

  waitingRoomIds(): string[] {
    return this.waiting.map(({ id }) => id);
  }

  #open({ roomId, newcomer, records }: {
    roomId: string;
    newcomer: Person;
    records: readonly DurableRecord[];
  }): ChatError | undefined {
    const room = this.room(roomId);
    if (room.isEnded) return new ChatError("room_ended");
    if (!room.isWaiting) return new ChatError("bad_request");
    if (!this.accept(records)) return new ChatError("storage_unavailable");
    room.participants = [...room.participants, newcomer];
    room.isWaiting = false;
    return undefined;
  }

  #add(id: string, participants: Person[], isWaiting: boolean): void {
    this.#roomOrder += 1;
    const order = this.#roomOrder;
    const room = { id, order, participants, isWaiting, isEnded: false };
    this.rooms.set(id, room);
  }

  #newLinks(): HeartLinks {
    return new HeartLinks({
      rooms: this,
      recorder: this,
      store: this.table,
      push: {
        push: (userId, frame) => void this.pushed.push({ userId, frame }),
      },
      clock: this.clock,
      ids: this.#ids,
      log: this.log,
      ...this.#options,
    });
  }
}

function countingIds(): Ids {
  let count = 0;
  return {
    uuid: () => {
      count += 1;
      return `id-${count}`;
    },
    fraction: () => 0,
  };
}
