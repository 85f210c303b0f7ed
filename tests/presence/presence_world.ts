/**
 * A presence book with a store that a test reads, and breaks.
 *
 * @module
 */

import type { PresenceFacts } from "../../src/wire/presence.ts";
import {
  PresenceBook,
  type PresenceBookOptions,
} from "../../src/presence/presence_book.ts";
import type {
  PresenceRow,
  PresenceStore,
} from "../../src/presence/presence_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

/** A table of users in memory. */
export class FakePresenceStore implements PresenceStore {
  readonly rows = new Map<string, PresenceRow>();
  /** How many rows each write had. */
  readonly writes: number[] = [];
  /** The ids that each read asked for. */
  readonly reads: (readonly string[])[] = [];
  offlineCalls = 0;
  /** While set, writes fail. */
  isBroken = false;
  /** While set, calls wait for it. */
  gate: Promise<void> | undefined;

  async presence(userIds: readonly string[]): Promise<PresenceRow[]> {
    this.reads.push(userIds);
    await this.gate;
    return userIds.flatMap((userId) => this.rows.get(userId) ?? []);
  }

  async savePresence(rows: readonly PresenceRow[]): Promise<void> {
    await this.gate;
    if (this.isBroken) throw new Error("The disk is full");
    this.writes.push(rows.length);
    for (const row of rows) this.rows.set(row.userId, row);
  }

  allOffline(): Promise<void> {
    this.offlineCalls += 1;
    return Promise.resolve();
  }
}

/** A book and all that it was given. */
export interface PresenceWorld {
  readonly book: PresenceBook;
  readonly clock: FakeClock;
  readonly store: FakePresenceStore;
  readonly log: RecordingLog;
  /** What was told, one list a notice. */
  readonly notices: (readonly string[])[];
  /** Opens a connection: `ann` is user `ann`, called `Ann`. */
  connect(id: string, userId: string, roomId?: string): void;
  /** A user's status, as memory knows it. */
  status(userId: string): PresenceFacts["status"] | undefined;
}

export function newPresence(
  overrides: Partial<PresenceBookOptions> = {},
): PresenceWorld {
  const clock = new FakeClock();
  const store = new FakePresenceStore();
  const log = new RecordingLog();
  const notices: (readonly string[])[] = [];
  const book = new PresenceBook({
    store,
    clock,
    log,
    awayAfterMs: 300_000,
    onChange: (userIds) => void notices.push(userIds),
    ...overrides,
  });
  return {
    book,
    clock,
    store,
    log,
    notices,
    connect: (id, userId, roomId) =>
      book.connect({
        id,
        userId,
        nickname: nicknameOf(userId),
        roomId: roomId ?? null,
      }),
    status: (userId) => book.of(userId)?.status,
  };
}

function nicknameOf(userId: string): string {
  return `${userId.charAt(0).toUpperCase()}${userId.slice(1)}`;
}
