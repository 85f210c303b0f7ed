/**
 * What a backend is told of: events by type, and where each goes.
 *
 * An event is a row that the database writes with the change that caused it.
 * Its data is small: what is large, such as the messages of a batch, is named
 * by its range and read when the event is delivered. So a backlog costs a row
 * an event, however long a backend is away.
 *
 * A new type also needs a body in `callback/bodies.ts`, a cause in
 * `store/event_table.ts` and a row in README.
 *
 * @module
 */

/** The places that callbacks go to, one URL each. */
export const ENDPOINT_NAMES = [
  "room-events",
  "chat-history",
  "session-history",
  "periodic-sync",
  "sync",
] as const;

export type EndpointName = (typeof ENDPOINT_NAMES)[number];

interface Moderated {
  readonly userId: string;
  /** The admin who did it; `null` when the operator or time did. */
  readonly actor: string | null;
  /** The number of the log entry that says so. */
  readonly seq: number;
}

interface Penalized extends Moderated {
  /** Epoch ms; `null` is for good. */
  readonly until: number | null;
}

/** A stretch of a room's records. */
interface Batch {
  /** 1, 2, 3… in its room and kind. */
  readonly batch: number;
  /** The first and the last number, both included. */
  readonly from: number;
  readonly to: number;
  /** Records within, when the batch was made. */
  readonly count: number;
  /** Whether it ends what there was to send when it was made. */
  readonly isLast: boolean;
}

/** What the row of an event holds, by its type. */
export interface CallbackData {
  RoomCreated: {
    readonly roomName: string;
    readonly adminUserIds: readonly string[];
  };
  RoomClosed: {
    /** Users who were there when it ended. */
    readonly currentUsers: number;
    readonly peakUsers: number;
    readonly totalJoins: number;
  };
  UserJoined: { readonly userId: string; readonly sessionId: string };
  UserLeft: {
    readonly userId: string;
    readonly sessionId: string;
    /** Between the two instants in whole seconds, so that they add up. */
    readonly durationSecs: number;
  };
  UserKicked: Moderated;
  UserBanned: Penalized;
  UserUnbanned: Moderated;
  UserMuted: Penalized;
  UserUnmuted: Moderated;
  MessageDeleted: {
    /** The message's own number. */
    readonly messageSeq: number;
    readonly actor: string | null;
    readonly seq: number;
  };
  /** Messages, by `seq`. */
  ChatHistoryBatch: Batch;
  /** Stays that ended, by the order in which they did: 1, 2, 3… in a room. */
  SessionHistoryBatch: Batch;
  /** A room's facts, as they are when it is delivered. */
  PeriodicSync: Readonly<Record<never, never>>;
  /** A room's facts and history, the oldest form (COMPAT 2.3, legacy). */
  RoomSync: Readonly<Record<never, never>>;
}

export type CallbackType = keyof CallbackData;

interface CallbackEventOf<Type extends CallbackType> {
  /** 1, 2, 3… over all rooms, in the order they were written; with gaps. */
  readonly number: number;
  /** The `webhook-id`: the same on every attempt. Letters, digits, `_`, `-`. */
  readonly id: string;
  readonly roomId: string;
  readonly type: Type;
  /** When it happened, in epoch ms. */
  readonly at: number;
  readonly data: CallbackData[Type];
}

/** An event of any type, or of the types named. */
export type CallbackEvent<Type extends CallbackType = CallbackType> = {
  [Each in Type]: CallbackEventOf<Each>;
}[Type];

/** Where each type goes (COMPAT 2.3). */
export const ENDPOINT_OF: { readonly [Type in CallbackType]: EndpointName } = {
  RoomCreated: "room-events",
  RoomClosed: "room-events",
  UserJoined: "room-events",
  UserLeft: "room-events",
  UserKicked: "room-events",
  UserBanned: "room-events",
  UserUnbanned: "room-events",
  UserMuted: "room-events",
  UserUnmuted: "room-events",
  MessageDeleted: "room-events",
  ChatHistoryBatch: "chat-history",
  SessionHistoryBatch: "session-history",
  PeriodicSync: "periodic-sync",
  RoomSync: "sync",
};

/**
 * Types that say how things stand and not what happened: a newer one says all
 * that an older one did. They are not part of the stream of events.
 */
export const SNAPSHOT_TYPES: readonly CallbackType[] = [
  "PeriodicSync",
  "RoomSync",
];

/** Which events are made, and which of them are delivered. */
export interface CallbackPlan {
  /** The endpoints that have a URL. */
  readonly endpoints: ReadonlySet<EndpointName>;
  /** Whether what admins do is told too (`ROOM_EVENT_EXTRA`). */
  readonly hasExtra: boolean;
}

/** No callbacks at all; the stream of events is written all the same. */
export const NO_CALLBACKS: CallbackPlan = {
  endpoints: new Set(),
  hasExtra: false,
};
