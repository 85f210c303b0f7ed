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
import type { StoredDevice } from "../wire/device.ts";
import type { LogEntry, RoomSettings } from "../wire/entry.ts";
import type { StoredLink } from "../wire/heart_link.ts";
import type { LiveLinks } from "./live_links.ts";

/**
 * A room as the database knows it. One of kind `chat` is told as it is now:
 * with all participants that it has got since it was made.
 */
export interface StoredRoom
  extends RoomSettings, Omit<NewRoom, "adminUserIds"> {
  readonly adminUserIds: readonly string[];
  readonly status: "active" | "ended";
  /** Epoch ms; `null` while the room is active. */
  readonly endedAt: number | null;
  readonly lastSeq: number;
  readonly peakUsers: number;
  readonly totalJoins: number;
  /** When the last message, relay or live message was accepted, in epoch ms. */
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
  /**
   * What named a `client_msg_id` within the idempotency window. A relay is told
   * without its `text` or `base64`, which may be much.
   */
  readonly recentSends: readonly LogEntry<"message" | "relay">[];
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
  /** What it is; absent is `text`. */
  readonly messageType?: string;
  /** An http(s) URL, or a path of this server. */
  readonly fileUrl?: string;
  readonly fileName?: string;
  /** Absent is `user`. */
  readonly senderType?: string;
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

/** How many rooms there are; each counts once. */
export interface RoomCounts {
  /** Without those that wait. */
  readonly active: number;
  /** Rooms whose first participant waits for the second. */
  readonly waiting: number;
  readonly ended: number;
}

/** Which messages of others somebody has to read. */
export interface UnreadQuery {
  /** Only these; absent is all of them, which only rooms of kind `chat` know. */
  readonly seqs?: readonly number[];
  readonly limit: number;
}

/** A user as the database knows them. */
export interface StoredPresence {
  readonly userId: string;
  readonly nickname: string;
  /** Epoch ms. */
  readonly lastSeenAt: number;
  /** The room that the user is in, or was in last. */
  readonly roomId: string | null;
  readonly isOnline: boolean;
}

/** Which users are forgotten; whoever is online is none of them. */
export interface PresencePurge {
  /** Epoch ms: they were seen last before this. */
  readonly seenBefore: number;
  /** Users that are kept; beyond that, those gone longest are forgotten. */
  readonly rowsMax: number;
  readonly limit: number;
}

/** What a room is that devices may name, or come back to. */
export interface KnownRoom {
  /** Whether it is of kind `device`. */
  readonly isDevice: boolean;
  /** The first room of its line; `null` is the room itself. */
  readonly originId: string | null;
}

/** Which devices, by id. */
export interface DeviceQuery {
  /** Only greater ids, in the order of their UTF-8 bytes. */
  readonly afterId?: string;
  /** Only devices whose last room this is. */
  readonly roomId?: string;
  readonly limit: number;
}

/** One stay of a device. Instants are in epoch ms. */
export interface DeviceStay {
  readonly sessionId: string;
  readonly roomId: string;
  /** As the device called itself in this stay. */
  readonly identity: string;
  readonly ip: string;
  readonly connectedAt: number;
  /** `null` while the stay goes on. */
  readonly disconnectedAt: number | null;
  /** `null` while the stay goes on. */
  readonly closeCode: number | null;
}

/** Which devices are forgotten; whoever is connected is none of them. */
export interface DevicePurge {
  /** Epoch ms: they connected last, and were gone again, before this. */
  readonly lastBefore: number;
  /**
   * Devices that are kept, at least 1, counted from the one that connected
   * last; beyond that, those that were gone before all of these connected are
   * forgotten. So there are only as many more as were connected at that time.
   */
  readonly rowsMax: number;
  readonly limit: number;
}

/** Which ended rooms may be removed for good. */
export interface PurgeQuery {
  /** Epoch ms: they ended, and it was told that they did, before this. */
  readonly endedBefore: number;
  readonly limit: number;
}

/** A database of rooms, their logs, their sessions and their users. */
export interface Store extends LiveLinks {
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
  counts(): Promise<RoomCounts>;
  /** A room, ended or not. */
  room(roomId: string): Promise<StoredRoom | undefined>;
  /** Whether a user's ban from a room stands, ended or not. */
  isBanned(roomId: string, userId: string): Promise<boolean>;
  /** Entries in ascending order of `seq`. A deleted message has no content. */
  log(roomId: string, range: LogRange): Promise<LogEntry[]>;
  /** One message, unless it is deleted. */
  message(
    roomId: string,
    seq: number,
  ): Promise<LogEntry<"message"> | undefined>;
  /**
   * The newest messages that are not deleted, in ascending order of `seq`;
   * with `beforeSeq`, the newest of those with a lower number.
   */
  messages(
    roomId: string,
    query: { readonly beforeSeq?: number; readonly limit: number },
  ): Promise<LogEntry<"message">[]>;
  /** The newest message of each room that has one, in no order. */
  lastMessages(roomIds: readonly string[]): Promise<LogEntry<"message">[]>;
  /**
   * Numbers of messages of others that nobody but their author has read, and
   * that are not deleted, ascending. When there are more than the limit, it is
   * not said which are left out.
   */
  unread(
    roomId: string,
    userId: string,
    query: UnreadQuery,
  ): Promise<number[]>;
  chat(roomId: string, query: PageQuery): Promise<Page<ChatRow>>;
  sessions(roomId: string, query: SessionQuery): Promise<Page<SessionRow>>;
  /** The newest request of a user, by number or not. */
  link(userId: string): Promise<StoredLink | undefined>;
  /** Every request that is pending or matched, oldest first. */
  openLinks(): Promise<StoredLink[]>;
  /**
   * Removes requests that are neither pending nor matched, that were settled
   * before an instant and have no room to be purged with.
   *
   * @returns how many: as many as the limit means that there may be more.
   */
  purgeLinks(
    query: { readonly settledBefore: number; readonly limit: number },
  ): Promise<number>;
  /** What is known of these users; who is not known is left out. */
  presence(userIds: readonly string[]): Promise<StoredPresence[]>;
  /** Writes users, in one transaction, in place of what was known. */
  savePresence(rows: readonly StoredPresence[]): Promise<void>;
  /**
   * Says of everyone who is online that they are not: for a server that starts.
   * They were seen last when the server was alive last.
   */
  allOffline(): Promise<void>;
  /**
   * Forgets users who are gone, those gone longest first.
   *
   * @returns how many: as many as the limit means that there may be more.
   */
  purgePresence(query: PresencePurge): Promise<number>;
  /** The last room of each of these devices that is known; at most 1000. */
  homes(deviceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Which of these rooms there are, ended or not; at most 1000. */
  knownRooms(
    roomIds: readonly string[],
  ): Promise<ReadonlyMap<string, KnownRoom>>;
  /** Devices in ascending order of id. */
  devices(query: DeviceQuery): Promise<StoredDevice[]>;
  /** A device, connected or not. */
  device(deviceId: string): Promise<StoredDevice | undefined>;
  /** A device's stays in rooms that were not purged, newest first. */
  deviceStays(
    deviceId: string,
    query: { readonly limit: number },
  ): Promise<DeviceStay[]>;
  /**
   * Forgets devices that are gone for too long, or are too many: those that
   * connected longest ago first.
   *
   * @returns how many: as many as the limit means that there may be more.
   */
  purgeDevices(query: DevicePurge): Promise<number>;
  /**
   * Ended rooms that may be purged, first ended first. A room whose callbacks
   * wait, or were given up and are not forgotten, is none of them.
   */
  purgeable(query: PurgeQuery): Promise<string[]>;
  /**
   * Removes an ended room with all that is known of it, in transactions of at
   * most 2000 rows, so that others write in between. When it is interrupted,
   * the room stays purgeable and is not whole any more. A room that is not
   * known is purged already.
   *
   * @throws {StoreError} `busy` when the room may not be purged, or not yet.
   */
  purgeRoom(roomId: string): Promise<void>;
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
