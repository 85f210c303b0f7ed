/**
 * Records of one room, for those who make bodies.
 *
 * @module
 */

import type {
  ChatLine,
  Consistency,
  EndedStay,
  RecordReader,
  SyncedRoom,
} from "../../src/callback/outbox.ts";
import { START_AT } from "../support/fake_clock.ts";

/** A message said so many seconds after the start as its number is. */
export function newLine(seq: number, rest: Partial<ChatLine> = {}): ChatLine {
  return {
    seq,
    id: `id-${seq}`,
    userId: "u1",
    nickname: "Ann",
    content: `m${seq}`,
    at: START_AT + seq * 1000 + 999,
    ...rest,
  };
}

/** A stay of 90 s that began so many seconds after the start. */
export function newStay(place: number): EndedStay {
  return {
    id: `s${place}`,
    userId: "u1",
    nickname: "Ann",
    joinedAt: START_AT + place * 1000 + 999,
    leftAt: START_AT + place * 1000 + 90_001,
    closeCode: 1000,
  };
}

/** What a test put in, answered as the database would. */
export class FakeRecords implements RecordReader {
  /** Ascending. */
  lines: ChatLine[] = [];
  /** In the order of ending: 1, 2, 3… */
  stays: EndedStay[] = [];
  readonly rooms = new Map<string, SyncedRoom>();
  facts: Consistency = {
    log: { messages: 0, lastSeq: 0, sessions: 0 },
    acknowledged: { messages: 0, lastSeq: 0, sessions: 0 },
  };
  /** What was read, in words. */
  readonly reads: string[] = [];

  chatBetween(roomId: string, from: number, to: number): Promise<ChatLine[]> {
    this.reads.push(`chat ${roomId} ${from}..${to}`);
    const within = this.lines.filter(({ seq }) => seq >= from && seq <= to);
    return Promise.resolve(within);
  }

  staysBetween(roomId: string, from: number, to: number): Promise<EndedStay[]> {
    this.reads.push(`stays ${roomId} ${from}..${to}`);
    return Promise.resolve(this.stays.slice(from - 1, to));
  }

  newestChat(roomId: string, limit: number): Promise<ChatLine[]> {
    this.reads.push(`newest chat ${roomId} ${limit}`);
    return Promise.resolve(this.lines.toReversed().slice(0, limit));
  }

  newestStays(roomId: string, limit: number): Promise<EndedStay[]> {
    this.reads.push(`newest stays ${roomId} ${limit}`);
    return Promise.resolve(this.stays.toReversed().slice(0, limit));
  }

  syncedRoom(roomId: string): Promise<SyncedRoom | undefined> {
    this.reads.push(`room ${roomId}`);
    return Promise.resolve(this.rooms.get(roomId));
  }

  consistency(): Promise<Consistency> {
    return Promise.resolve(this.facts);
  }
}
