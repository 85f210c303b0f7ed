/**
 * What callbacks need of the database: the outbox and what stands beside it.
 *
 * An event waits in the lane of its room and endpoint. Only the first of a lane
 * is tried, so order is kept within a room, and a room that fails delays no
 * other. All that is known of failures is in the lane's row: a restart goes on
 * where the last run stopped.
 *
 * Every call rejects when the database cannot do it now; nothing of it is done
 * then.
 *
 * @module
 */

import type {
  CallbackEvent,
  CallbackType,
  EndpointName,
} from "../wire/callback.ts";

/** Events of one room that wait for one endpoint, oldest first. */
export interface Lane {
  readonly roomId: string;
  /** Failed attempts at the first of them. */
  readonly attempts: number;
  /** When the first of those attempts failed, in epoch ms. */
  readonly failingSince: number | null;
  /** At least one, at most as many as were asked for. */
  readonly events: readonly CallbackEvent[];
}

/** Which lanes to look at. */
export interface DueQuery {
  readonly endpoint: EndpointName;
  /** Epoch ms. */
  readonly now: number;
  readonly lanesMax: number;
  /** Most events of each lane. */
  readonly eventsMax: number;
  /**
   * Whether it is to learn if the endpoint works at all: then what never failed
   * comes first, the newest of it first, then what failed, the longest due of
   * it first. Otherwise the longest due comes first.
   *
   * @default {false}
   */
  readonly isProbe?: boolean;
  /** Rooms that are being served, and are left out. */
  readonly except: readonly string[];
}

/** Lanes that are due, in the order that was asked for. */
export interface DueLanes {
  readonly lanes: readonly Lane[];
  /**
   * When the next lane beside these and the excepted is due, in epoch ms; in
   * the past when there were more than asked for, `null` when none waits.
   */
  readonly nextDueAt: number | null;
}

/** Why a lane's first event was not delivered, and what becomes of it. */
export type LaneFailure =
  | {
    readonly kind: "retry";
    readonly dueAt: number;
    readonly attempts: number;
    readonly failingSince: number;
    readonly error: string;
  }
  | {
    readonly kind: "dead";
    /** The event's. */
    readonly number: number;
    readonly attempts: number;
    readonly error: string;
  }
  /** Not tried: it waits for something else. Its attempts stay. */
  | { readonly kind: "postponed"; readonly dueAt: number };

/** What came of serving a lane. */
export interface Settlement {
  readonly endpoint: EndpointName;
  readonly roomId: string;
  /** Epoch ms. */
  readonly at: number;
  /** Numbers of the events that were delivered. */
  readonly delivered: readonly number[];
  /** What became of the event after those; `null` when all were delivered. */
  readonly failure: LaneFailure | null;
}

/** What of a room waits for an endpoint, and whether it fails. */
export interface LaneFacts {
  readonly endpoint: EndpointName;
  readonly attempts: number;
}

/** The lanes. */
export interface DeliveryQueue {
  due(query: DueQuery): Promise<DueLanes>;
  /** Writes what came of deliveries, in one transaction. */
  settle(settlements: readonly Settlement[]): Promise<void>;
  /**
   * Makes every lane of an endpoint due at an instant, or earlier, with no more
   * failed attempts than so many. With 0 it is as if none had ever failed.
   */
  release(
    endpoint: EndpointName,
    at: number,
    attemptsMax: number,
  ): Promise<void>;
  /**
   * Makes due at an instant what is due so long after it that the clock must
   * have been set back since.
   *
   * @returns how many lanes.
   */
  recall(at: number): Promise<number>;
  /** The lanes of a room that have an event waiting. */
  lanesOf(roomId: string): Promise<LaneFacts[]>;
}

/** `paused` by an operator; `disabled` by the endpoint, which said 410. */
export type EndpointState = "active" | "paused" | "disabled";

/** What is remembered of an endpoint. */
export interface EndpointRecord {
  readonly name: EndpointName;
  readonly url: string;
  readonly state: EndpointState;
  /** Why it is not active. */
  readonly reason: string | null;
  /** When the state last changed, in epoch ms. */
  readonly changedAt: number;
}

/** How an endpoint's last deliveries went; written by `settle`. */
export interface EndpointHistory {
  readonly name: EndpointName;
  /** Epoch ms. */
  readonly lastSuccessAt: number | null;
  readonly lastErrorAt: number | null;
  readonly lastError: string | null;
  /** Events that wait. */
  readonly backlog: number;
  /** When the oldest of them happened, in epoch ms. */
  readonly oldestAt: number | null;
  /** Dead letters. */
  readonly dead: number;
}

/** The endpoints' rows. */
export interface EndpointTable {
  endpoints(): Promise<EndpointRecord[]>;
  saveEndpoint(record: EndpointRecord): Promise<void>;
  /** Of every endpoint that has a row or an event. */
  histories(): Promise<EndpointHistory[]>;
}

/** An event that was given up. */
export interface DeadLetter {
  readonly event: CallbackEvent;
  readonly endpoint: EndpointName;
  readonly attempts: number;
  /** When it was given up, in epoch ms. */
  readonly diedAt: number;
  readonly error: string;
}

/** Which events to deliver again; all that is named must fit. */
export interface ReplayQuery {
  readonly id?: string;
  readonly roomId?: string;
  /** When they happened, in epoch ms, both included. */
  readonly fromAt?: number;
  readonly toAt?: number;
  readonly endpoint?: EndpointName;
  /** Only events with a greater number. */
  readonly afterNumber?: number;
  /** Whether delivered ones too, and not only dead ones. */
  readonly delivered: boolean;
  readonly limit: number;
  /** Epoch ms. */
  readonly now: number;
}

/** What was made to wait again. */
export interface ReplayReport {
  /** As many as the limit: there may be more. */
  readonly replayed: number;
  /** The greatest number that was replayed; `null` when none was. */
  readonly lastNumber: number | null;
}

/** The events themselves. */
export interface EventLog {
  /** Events with a greater number, ascending, without snapshots. */
  stream(afterNumber: number, limit: number): Promise<CallbackEvent[]>;
  /** What cursors are checked against. */
  streamBounds(): Promise<StreamBounds>;
  /** Dead letters with a greater event number, ascending. */
  dead(
    query: {
      readonly endpoint?: EndpointName;
      readonly afterNumber: number;
      readonly limit: number;
    },
  ): Promise<DeadLetter[]>;
  /**
   * Makes events wait again, oldest first, at endpoints of the plan. What is
   * left beyond the limit is replayed by asking for events after the last: what
   * this call replayed may be delivered by then, and would fit again.
   */
  replay(query: ReplayQuery): Promise<ReplayReport>;
  /**
   * Removes, at most `limit` of each: events that nobody waits for from before
   * `before`, and dead letters that died before `deadBefore`. Turns events that
   * wait since before `deadBefore` into dead letters.
   */
  purge(
    bounds: {
      readonly before: number;
      readonly deadBefore: number;
      readonly now: number;
      readonly limit: number;
    },
  ): Promise<PurgeReport>;
}

/** From where to where the stream goes. */
export interface StreamBounds {
  /** Made with the database: numbers of another one mean nothing here. */
  readonly epoch: string;
  /** The greatest number that was removed from the stream; 0 when none was. */
  readonly purgedThrough: number;
  /** The greatest number that was ever given; 0 when none was. */
  readonly last: number;
}

/** How many events a purge took. */
export interface PurgeReport {
  readonly removed: number;
  /** Dead letters removed. */
  readonly forgotten: number;
  /** Events that waited too long and are dead letters now. */
  readonly died: number;
}

export type HistoryKind = "chat" | "session";

/** How large a batch may be. */
export interface BatchSize {
  readonly chatMax: number;
  readonly sessionMax: number;
  /** Most bytes of stored messages in a batch of more than one. */
  readonly bytesMax: number;
}

/** How rooms' records are put into batches. */
export interface BatchSource {
  /** Rooms that go on and have records in no batch, by id, after an id. */
  roomsWithNews(
    kind: HistoryKind,
    page: { readonly afterRoomId: string; readonly limit: number },
  ): Promise<string[]>;
  /**
   * Puts what a room has in no batch into batches.
   *
   * @returns how many batches were made.
   */
  queueBatches(
    kind: HistoryKind,
    roomId: string,
    options: { readonly size: BatchSize; readonly at: number },
  ): Promise<number>;
  /** Rooms that ended, all stays too, and whose `RoomClosed` is not queued. */
  endedRooms(limit: number): Promise<string[]>;
  /**
   * Queues a room's last batches, then its `RoomClosed` and its last
   * `RoomSync`, in one transaction; nothing when that was done before.
   */
  queueClosing(
    roomId: string,
    options: { readonly size: BatchSize; readonly at: number },
  ): Promise<void>;
  /**
   * Queues a snapshot of every room that goes on, at endpoints of the plan,
   * but of rooms whose last one still waits.
   *
   * @returns how many.
   */
  queueSnapshots(
    types: readonly Extract<CallbackType, "PeriodicSync" | "RoomSync">[],
    at: number,
  ): Promise<number>;
}

/** A chat message as a batch tells it. */
export interface ChatLine {
  readonly seq: number;
  /** A UUID. */
  readonly id: string;
  readonly userId: string;
  readonly nickname: string;
  readonly content: string;
  /** Epoch ms. */
  readonly at: number;
  /** What it is; absent is `text`. */
  readonly messageType?: string;
  /** An http(s) URL, or a path of this server. */
  readonly fileUrl?: string;
  readonly fileName?: string;
  /** Absent is `user`. */
  readonly senderType?: string;
}

/** A stay that ended, as a batch tells it. */
export interface EndedStay {
  readonly id: string;
  readonly userId: string;
  readonly nickname: string;
  /** Epoch ms. */
  readonly joinedAt: number;
  /** Epoch ms. */
  readonly leftAt: number;
  readonly closeCode: number;
}

/** How much of a room's records there is, and how much of it arrived. */
export interface Consistency {
  readonly log: RecordCounts;
  /** What the endpoints acknowledged, up to the first that they did not. */
  readonly acknowledged: RecordCounts;
}

/** Counts of a room's records. */
export interface RecordCounts {
  /** Chat messages, those counted too that were deleted after they were sent. */
  readonly messages: number;
  /** The newest entry's number, or that of the last acknowledged message. */
  readonly lastSeq: number;
  /** Stays that ended. */
  readonly sessions: number;
}

/** A room as the database knows it, for a snapshot. */
export interface SyncedRoom {
  readonly name: string;
  readonly adminUserIds: readonly string[];
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms. */
  readonly lastMessageAt: number | null;
  readonly peakUsers: number;
  readonly totalJoins: number;
}

/** What bodies are made from. */
export interface RecordReader {
  /** Messages of these numbers, ascending; deleted ones are left out. */
  chatBetween(roomId: string, from: number, to: number): Promise<ChatLine[]>;
  /** Stays of these places in the order of ending, ascending. */
  staysBetween(roomId: string, from: number, to: number): Promise<EndedStay[]>;
  /** The newest messages, newest first. */
  newestChat(roomId: string, limit: number): Promise<ChatLine[]>;
  /** The stays that began last of those that ended, newest first. */
  newestStays(roomId: string, limit: number): Promise<EndedStay[]>;
  syncedRoom(roomId: string): Promise<SyncedRoom | undefined>;
  consistency(roomId: string): Promise<Consistency>;
}

/** All of it. */
export interface Outbox
  extends DeliveryQueue, EndpointTable, EventLog, BatchSource, RecordReader {}
