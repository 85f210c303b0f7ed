/**
 * What the server has promised so far: accepted, refused, heard, acknowledged.
 *
 * It outlives the server's process, as its clients do.
 *
 * @module
 */

import type { LogEntry } from "../../src/wire/entry.ts";
import { IDEMPOTENCY_MS } from "../../src/wire/limits.ts";
import type { ChatSpec, DurableRecord } from "../../src/wire/record.ts";
import { ADMIN } from "./people.ts";
import type { Verdict } from "./verdict.ts";

/** Where a message stands, as a client was told. */
export interface Told {
  readonly id: string;
  readonly seq: number;
}

/** One named send, by whoever repeats it. */
export interface NamedSend {
  readonly roomId: string;
  readonly userId: string;
  readonly clientMsgId: string;
}

interface SendTally {
  sent: number;
  refused: number;
  told: Told | undefined;
}

/** One room's log, as it was accepted. */
export class RoomPromise {
  readonly #chat: ChatSpec | undefined;
  readonly entries: LogEntry[] = [];
  /** The highest number that someone was told to be safe. */
  safeSeq = 0;
  openedCount = 0;

  constructor(chat?: ChatSpec) {
    this.#chat = chat;
  }

  /** Whether a user may enter, or post. */
  admits(userId: string): boolean {
    if (this.#chat?.access !== "participants" || userId === ADMIN) return true;
    const opening = this.entries.find(({ kind }) => kind === "open");
    const participants = opening?.kind === "open"
      ? opening.payload.participants
      : this.#chat.participants;
    return participants.some((one) => one.userId === userId);
  }

  /** The messages that were marked as read. */
  marked(): Set<number> {
    return new Set(
      this.entries.flatMap((entry) =>
        entry.kind === "read" ? entry.payload.seqs : []
      ),
    );
  }

  get lastSeq(): number {
    return this.entries.length;
  }

  get isEnded(): boolean {
    return this.entries.at(-1)?.kind === "end";
  }
}

/** All that was promised. */
export class Promises {
  readonly rooms = new Map<string, RoomPromise>();
  readonly #verdict: Verdict;
  readonly #refusedIds = new Set<string>();
  /** Where the log ended when a session was put out or left, by its id. */
  readonly #heardUntil = new Map<string, number>();
  readonly #sends = new Map<string, SendTally>();

  constructor(verdict: Verdict) {
    this.#verdict = verdict;
  }

  /** Records that the recorder has taken. */
  accepted(records: readonly DurableRecord[]): void {
    for (const record of records) {
      if (record.type === "room_created") {
        this.rooms.set(record.room.id, new RoomPromise(record.room.chat));
      }
      if (record.type === "session_opened") {
        const { roomId, userId } = record.session;
        this.#checkAccess(roomId, userId);
        this.#room(roomId).openedCount += 1;
      }
      if (record.type === "session_closed") {
        const { id, roomId } = record.session;
        this.#heardUntil.set(id, this.#room(roomId).lastSeq);
      }
      if (record.type === "entry") this.#append(record.entry);
    }
  }

  /** The last number that a session may hear. */
  heardUntil(sessionId: string): number {
    return this.#heardUntil.get(sessionId) ?? Infinity;
  }

  /** Records that the recorder has refused. */
  refused(records: readonly DurableRecord[]): void {
    for (const record of records) {
      if (record.type === "entry") this.#refusedIds.add(record.entry.id);
    }
  }

  isRefused(id: string): boolean {
    return this.#refusedIds.has(id);
  }

  entry(roomId: string, seq: number): LogEntry | undefined {
    return this.rooms.get(roomId)?.entries[seq - 1];
  }

  /** A client sends a message under a name. */
  sent(send: NamedSend): void {
    this.#tally(send).sent += 1;
  }

  /** A client was told that a named send is refused. */
  refusedSend(send: NamedSend): void {
    this.#tally(send).refused += 1;
  }

  /** A client was told where its message stands. */
  acknowledged(send: NamedSend, told: Told, now: number): void {
    const tally = this.#tally(send);
    const entry = this.entry(send.roomId, told.seq);
    const isItsOwn = entry?.id === told.id && entry.kind === "message" &&
      entry.actor === send.userId &&
      entry.payload.clientMsgId === send.clientMsgId;
    const name = `${send.userId}'s ${send.clientMsgId}`;
    this.#verdict.check(
      isItsOwn,
      "answers",
      () => `${name} was told ${told.seq} ${told.id}, which is not its entry`,
    );
    const before = tally.told;
    const beforeAt = before && this.entry(send.roomId, before.seq)?.at;
    const isFresh = beforeAt !== undefined && now - beforeAt < IDEMPOTENCY_MS;
    this.#verdict.check(
      !isFresh || before?.id === told.id,
      "answers",
      () => `${name} was told ${told.seq}, and ${before?.seq} before`,
    );
    tally.told = told;
    this.safe(send.roomId, told.seq);
  }

  /** Someone was told that the log is safe up to a number. */
  safe(roomId: string, seq: number): void {
    const room = this.#room(roomId);
    room.safeSeq = Math.max(room.safeSeq, seq);
  }

  /** Looks for named sends of which all were refused and that are there. */
  checkRefused(): void {
    for (const [roomId, { entries }] of this.rooms) {
      for (const entry of entries) {
        if (entry.kind !== "message" || entry.actor === null) continue;
        const { clientMsgId } = entry.payload;
        if (clientMsgId === undefined) continue;
        const send = { roomId, userId: entry.actor, clientMsgId };
        const { sent, refused, told } = this.#tally(send);
        this.#verdict.check(
          told !== undefined || refused < sent,
          "refused",
          () => `${entry.actor}'s ${clientMsgId} is in the log at ${entry.seq}`,
        );
      }
    }
  }

  /** A power loss took what nobody was told to be safe. */
  cutTo(roomId: string, lastSeq: number): void {
    const room = this.#room(roomId);
    room.entries.length = lastSeq;
  }

  #append(entry: LogEntry): void {
    const room = this.#room(entry.roomId);
    this.#verdict.check(
      entry.seq === room.lastSeq + 1,
      "seq",
      () => `accepted ${entry.seq} after ${room.lastSeq}`,
    );
    this.#verdict.check(
      !room.isEnded,
      "seq",
      () => `accepted ${entry.kind} ${entry.seq} after the end`,
    );
    if (entry.kind === "message" || entry.kind === "read") {
      this.#checkAccess(entry.roomId, entry.actor ?? "");
    }
    if (entry.kind === "read") this.#checkMarks(room, entry);
    room.entries[entry.seq - 1] = entry;
  }

  #checkAccess(roomId: string, userId: string): void {
    this.#verdict.check(
      this.#room(roomId).admits(userId),
      "access",
      () => `${userId} is in ${roomId}, which is not theirs`,
    );
  }

  #checkMarks(room: RoomPromise, { actor, payload }: LogEntry<"read">): void {
    const marked = room.marked();
    for (const seq of payload.seqs) {
      const message = room.entries[seq - 1];
      this.#verdict.check(
        message?.kind === "message" && message.actor !== actor &&
          !marked.has(seq),
        "marks",
        () => `${actor} marked ${seq}, ${message?.kind} of ${message?.actor}`,
      );
    }
  }

  #room(roomId: string): RoomPromise {
    const room = this.rooms.get(roomId) ?? new RoomPromise();
    this.rooms.set(roomId, room);
    return room;
  }

  #tally({ roomId, userId, clientMsgId }: NamedSend): SendTally {
    const key = `${roomId} ${userId} ${clientMsgId}`;
    const fresh = { sent: 0, refused: 0, told: undefined };
    const tally = this.#sends.get(key) ?? fresh;
    this.#sends.set(key, tally);
    return tally;
  }
}
