/**
 * What the HTTP API needs of the rest of the server, and nothing more.
 *
 * @module
 */

import type { EndpointStatus } from "../callback/endpoint_status.ts";
import type { EventLog } from "../callback/outbox.ts";
import type { OperatorCommand, PostCommand } from "../wire/command.ts";
import type { LinkView } from "../live/link_view.ts";
import type { HeartLinks } from "../match/heart_links.ts";
import type { PresenceBook } from "../presence/presence_book.ts";
import type { LogPage, LogRange } from "../room/log_window.ts";
import type { MemberFacts, RoomFacts } from "../room/room_facts.ts";
import type { Author, Outcome } from "../room/room_input.ts";
import type { RoomSettings } from "../wire/entry.ts";
import type { Durability } from "../wire/event.ts";
import type { LinkStatus } from "../wire/live.ts";
import type { Person } from "../wire/person.ts";
import type { ChatSpec } from "../wire/record.ts";
import type { Penalty, Store } from "../store/store.ts";
import type { MintedToken, TokenRequest } from "../identity/token_minter.ts";

/** A room that has not ended. */
export interface RoomHandle {
  readonly id: string;
  facts(): RoomFacts;
  /** Lazy: only what is taken is made. */
  members(): Iterable<MemberFacts>;
  bans(): readonly Penalty[];
  mutes(): readonly Penalty[];
  /**
   * Does what the operator asks, in a turn of the room.
   *
   * @returns the log entry that it made; `null` where nothing changed.
   * @throws {ChatError} such as `message_not_found`, `busy`, `room_ended`.
   */
  operate(
    command: OperatorCommand,
  ): Promise<{ seq: number | null; id: string | null }>;
}

/** A room as the operator asks for it. */
export interface RoomSpec extends RoomSettings {
  readonly adminUserIds: string[];
  readonly autoClose: boolean;
}

/** The rooms that have not ended. */
export interface RoomDirectory {
  get(roomId: string): RoomHandle | undefined;
  all(): Iterable<RoomHandle>;
  /** @throws {ChatError} `storage_unavailable` or `too_many_rooms`. */
  create(spec: RoomSpec): RoomHandle;
}

/** What was accepted and is not in the database yet. */
export interface Pending {
  readonly messages: number;
  readonly records: number;
  readonly bytes: number;
  /** Epoch ms; `null` when nothing is pending. */
  readonly oldestAt: number | null;
  /** Set while flushes fail. */
  readonly failing: null | {
    /** Epoch ms. */
    readonly sinceAt: number;
    readonly attempts: number;
    /** What the last attempt said; for the operator only. */
    readonly error: string;
  };
}

/** Writes what is pending. */
export interface Recorder {
  /** Resolves once what was pending for this room is in the database. */
  flushRoom(roomId: string): Promise<void>;
  flushAll(): Promise<void>;
  readonly pending: Pending;
}

/** What the server knows of itself. */
export interface ServerFacts {
  readonly version: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durability: Durability;
  /** Open WebSocket connections. */
  connections(): number;
  /** Whether it is about to stop. */
  isDraining(): boolean;
  /** Whether the journal's last write failed. */
  isJournalFailing(): boolean;
}

/** Makes tokens for users. */
export interface Minter {
  mint(request: TokenRequest): Promise<MintedToken>;
}

/** The part of the database that the API reads. */
export type HistoryStore = Pick<
  Store,
  | "room"
  | "rooms"
  | "log"
  | "chat"
  | "sessions"
  | "check"
  | "devices"
  | "device"
  | "deviceStays"
>;

/** A connection of a device that is open. */
export interface LiveConnection {
  readonly sessionId: string;
  readonly roomId: string;
  readonly identity: string;
  readonly ip: string;
  /** Epoch ms. */
  readonly connectedAt: number;
}

/** The devices that are connected. */
export interface DeviceDesk {
  /** A device's connections, oldest first. */
  of(deviceId: string): readonly LiveConnection[];
  /**
   * Ends a device's connections.
   *
   * @returns how many there were.
   */
  disconnect(deviceId: string): number;
}

/** The endpoints that callbacks go to. */
export interface CallbackDesk {
  /** Every endpoint, those without a URL too. */
  status(): Promise<EndpointStatus[]>;
  /**
   * Lets deliveries go on, whatever stopped them.
   *
   * @throws {ChatError} `endpoint_not_found`.
   */
  enable(name: string): Promise<EndpointStatus>;
  /**
   * Holds deliveries back; events wait.
   *
   * @throws {ChatError} `endpoint_not_found` or `endpoint_disabled`.
   */
  pause(name: string): Promise<EndpointStatus>;
  /**
   * Lets deliveries go on that an operator had paused.
   *
   * @throws {ChatError} `endpoint_not_found` or `endpoint_disabled`.
   */
  resume(name: string): Promise<EndpointStatus>;
  /** Says that events wait which did not before. */
  wake(): void;
}

/** Events that were given up, or are to be delivered again. */
export type DeadLetters = Pick<EventLog, "dead" | "replay">;

/** A stretch of the stream of events. */
export interface EventPage {
  /** As a callback sends them, each with its `id` and `cursor`. */
  readonly events: readonly object[];
  /** Where the next page begins. */
  readonly next: string;
  readonly hasMore: boolean;
}

/** The stream of events. */
export interface EventPages {
  /**
   * Events after a cursor, or from the oldest that is kept.
   *
   * @throws {ChatError} `bad_request` or `cursor_expired`.
   */
  page(
    query: { readonly after?: string; readonly limit: number },
  ): Promise<EventPage>;
}

/** What came of a sample. */
export interface SampleResult {
  /** Whether the answer was a 2xx, and read in time. */
  readonly ok: boolean;
  /** The HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** What went wrong; empty when all went well. */
  readonly error: string;
  /** How long it took. */
  readonly milliseconds: number;
  /** What was read of the answer's body. */
  readonly response: string;
}

/** Tries a receiver. */
export interface SampleSender {
  /**
   * Sends one signed event that says nothing.
   *
   * @throws {ChatError} `host_refused`.
   */
  send(url: string): Promise<SampleResult>;
}

/** What the calendar does for callbacks, at once. */
export interface SyncRequests {
  /**
   * Makes batches and snapshots of every room. Asked again while it runs, it
   * does so once for all who ask.
   */
  syncNow(): Promise<unknown>;
}

/** Bounds on what a request may say, from settings. */
export interface HttpLimits {
  readonly contentCharsMax: number;
  readonly nicknameCharsMax: number;
  readonly userIdCharsMax: number;
  /** Also bounds a custom event, which becomes a frame. */
  readonly frameBytesMax: number;
  /** Most members that a room may be set to take. */
  readonly membersMax: number;
}

/** A room as its users reach it over HTTP. */
export interface ChatRoom extends RoomHandle {
  /**
   * Does what a user says, in a turn of the room, by the rules of its socket.
   *
   * @returns the log entry that it made; `null` where nothing changed.
   * @throws {ChatError} such as `not_participant`, `user_muted`,
   * `rate_limited`, `room_ended`.
   */
  post(author: Author, command: PostCommand): Promise<Outcome>;
}

/** A room as a user asks for it. */
export interface NewChatRoom extends RoomSpec {
  readonly id: string;
  readonly chat: ChatSpec;
}

/** The rooms that have not ended, as users find them. */
export interface ChatRooms {
  get(roomId: string): ChatRoom | undefined;
  all(): Iterable<ChatRoom>;
  /** Those that a user is a participant of, newest first. */
  participating(userId: string): Iterable<ChatRoom>;
  /**
   * Makes a room whose id no room has or had.
   *
   * @throws {ChatError} `storage_unavailable` or `too_many_rooms`.
   */
  create(spec: NewChatRoom): ChatRoom;
  /**
   * Whether a room of this id has ended and none can follow. A public room may:
   * ask this before it is made.
   */
  hasEnded(roomId: string): Promise<boolean>;
  /**
   * The public room of an id, made for its first visitor; `undefined` when the
   * id is not a public room's.
   *
   * @throws {ChatError} `limit_reached`, `storage_unavailable` or `too_many_rooms`.
   */
  makePublic(roomId: string, person: Person): ChatRoom | undefined;
}

/** Matches people. */
export type LinkDesk = Pick<
  HeartLinks,
  "request" | "requestNumber" | "cancel" | "status" | "pendingOf" | "sweep"
>;

/** The part of the database that users read. */
export type ChatReader = Pick<
  Store,
  "room" | "isBanned" | "message" | "messages" | "lastMessages" | "unread"
>;

/** Who is there. */
export type PresenceDesk = Pick<
  PresenceBook,
  "of" | "facts" | "choose" | "see"
>;

/** The links to live rooms. */
export interface LiveDesk {
  /**
   * Has a link kept up.
   *
   * @param source absent is the default one.
   * @returns `isNew: false` when it was already.
   * @throws {ChatError} such as `live_ended`, `live_source_unknown`,
   * `live_links_full`, `storage_unavailable`.
   */
  add(
    liveId: string,
    source?: string,
  ): Promise<{ readonly isNew: boolean; readonly status: LinkStatus }>;
  /**
   * Has a link closed for good.
   *
   * @returns whether it was known.
   */
  remove(liveId: string): Promise<boolean>;
  /**
   * Has a link tried again at once, unless it is live.
   *
   * @throws {ChatError} `live_not_found`.
   */
  retry(liveId: string): Promise<LinkStatus>;
  /** A link, also one that was stopped. */
  view(liveId: string): LinkView | undefined;
  /** All links that are not stopped. */
  all(): readonly LinkView[];
}

/** A live room that has not ended, as far as anybody may read it. */
export interface LiveRoomHandle {
  readonly id: string;
  facts(): Pick<RoomFacts, "epoch" | "lastSeq" | "sessions">;
  readonly log: {
    /** @throws {StoreError} when the database cannot be read. */
    page(range: LogRange): Promise<LogPage>;
  };
}

/** Live rooms. */
export interface LiveDeps {
  readonly desk: LiveDesk;
  readonly findRoom: (liveId: string) => LiveRoomHandle | undefined;
  /** Whether anybody may start and stop them. */
  readonly isPublic: boolean;
  /** Whether viewers may write in them. */
  readonly isChatOpen: boolean;
  /** The source of one that is started without. */
  readonly defaultSource: string;
}
