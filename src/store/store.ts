/**
 * What the rest of Parlor asks of its database.
 *
 * Every call is asynchronous, so that a slow disk delays no room. Every call
 * but {@linkcode Store.close} rejects with {@linkcode StoreError} when the
 * database cannot do it now.
 *
 * @module
 */

import type { DurableRecord, NewRoom } from "../wire/record.ts";
import type { LogEntry, RoomSettings } from "../wire/entry.ts";

/** A room as the database knows it. */
export interface StoredRoom
  extends RoomSettings, Omit<NewRoom, "adminUserIds"> {
  readonly adminUserIds: readonly string[];
  readonly status: "active" | "ended";
  /** Epoch ms; `null` while the room is active. */
  readonly endedAt: number | null;
  readonly lastSeq: number;
  readonly peakUsers: number;
  readonly totalJoins: number;
  /** When the last chat message was accepted, in epoch ms. */
  readonly lastMessageAt: number | null;
  /** When its last open session closed, in epoch ms; `null` if none ever did. */
  readonly lastLeftAt: number | null;
}

/** A ban or a mute that stands. */
export interface Penalty {
  readonly userId: string;
  /** Epoch ms; `null` is for good. */
  readonly until: number | null;
  /** When it was set, in epoch ms. */
  readonly at: number;
}

/** What a room needs to go on after a restart. */
export interface RecoveredRoom {
  readonly room: StoredRoom;
  readonly bans: readonly Penalty[];
  readonly mutes: readonly Penalty[];
  /** Messages that named a `client_msg_id` within the idempotency window. */
  readonly recentSends: readonly LogEntry<"message">[];
}

/**
 * Which entries of a room's log: those after, or before, a number. With
 * neither bound, the newest.
 */
export interface LogRange {
  /** Only greater numbers; answers the lowest of them, ascending. */
  readonly afterSeq?: number;
  /** Only lower numbers; answers the highest of them, ascending. */
  readonly beforeSeq?: number;
  readonly limit: number;
}

/** One page of history, for the pull API. */
export interface PageQuery {
  /** 1 is the newest. */
  readonly page: number;
  readonly limit: number;
  /** Epoch ms, included. */
  readonly fromAt?: number;
  /** Epoch ms, included. */
  readonly toAt?: number;
}

/** The rows of one page, and how many there are on all. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** All rows that the query fits, on every page. */
  readonly total: number;
}

/** A chat message as a backend pulls it. Deleted messages are left out. */
export interface ChatRow {
  readonly seq: number;
  readonly userId: string;
  readonly nickname: string;
  readonly content: string;
  readonly at: number;
}

/** One stay. */
export interface SessionRow {
  readonly id: string;
  readonly userId: string;
  readonly nickname: string;
  readonly ip: string;
  readonly joinedAt: number;
  /** `null` while the stay goes on. */
  readonly leftAt: number | null;
  readonly closeCode: number | null;
}

/** One page of stays; `fromAt` and `toAt` are about when they began. */
export interface SessionQuery extends PageQuery {
  /** Only stays that ended (the pull API), or all (the operator). */
  readonly closedOnly: boolean;
}

/** A database of rooms, their logs and their sessions. */
export interface Store {
  /**
   * Applies records in order, in one transaction. Records that were applied
   * before change nothing.
   */
  apply(records: readonly DurableRecord[]): Promise<void>;
  /** Every room that has not ended, with what it needs to go on. */
  recover(options: { sendsSinceAt: number }): Promise<RecoveredRoom[]>;
  /**
   * Closes, with code 1006, every session that a crash left open.
   *
   * @returns how many, and when they were taken to have ended: the newest
   * instant that any row or {@linkcode Store.touch} knows.
   */
  closeOrphans(): Promise<{ count: number; at: number }>;
  /** Remembers that the server was alive at this instant. */
  touch(at: number): Promise<void>;
  /** Rooms newest first; ended ones too when asked. */
  rooms(
    options: { ended: boolean; limit: number; offset: number },
  ): Promise<StoredRoom[]>;
  /** How many rooms there are, by status. */
  counts(): Promise<{ active: number; ended: number }>;
  /** A room, ended or not. */
  room(roomId: string): Promise<StoredRoom | undefined>;
  /** Entries in ascending order of `seq`. A deleted message has no content. */
  log(roomId: string, range: LogRange): Promise<LogEntry[]>;
  /** One message, unless it is deleted. */
  message(
    roomId: string,
    seq: number,
  ): Promise<LogEntry<"message"> | undefined>;
  chat(roomId: string, query: PageQuery): Promise<Page<ChatRow>>;
  sessions(roomId: string, query: SessionQuery): Promise<Page<SessionRow>>;
  /** Copies the whole database into a new file, while it is in use. */
  backup(path: string): Promise<void>;
  /** One write and one read, to learn whether the database works. */
  check(): Promise<void>;
  /** Finishes what was asked, then closes. May be called twice. */
  close(): Promise<void>;
}

/** Why the database could not do it. */
export type StoreFailure =
  | "busy"
  | "full"
  | "io"
  | "corrupt"
  | "closed"
  | "other";

/**
 * The database could not do what was asked. Nothing of it was done, but for a
 * write that got no answer in time (`busy`): that may still be done, so ask for
 * the same again.
 *
 * The message is fit for a client. What SQLite said is the `cause`, which is
 * for the log alone.
 */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly failure: StoreFailure;

  constructor(
    failure: StoreFailure,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
    this.failure = failure;
  }
}
