/**
 * Rooms on a stage: a clock in the hand, no socket and no database.
 *
 * @module
 */

import type { Ids } from "../../src/base/ids.ts";
import type { Penalty } from "../../src/room/penalties.ts";
import { Room } from "../../src/room/room.ts";
import type {
  Author,
  Fed,
  Outcome,
  Reply,
  ResumePoint,
  RoomInput,
} from "../../src/room/room_input.ts";
import type { RoomOptions, RoomStart } from "../../src/room/room_state.ts";
import type { Session } from "../../src/room/session.ts";
import type {
  OperatorCommand,
  PostCommand,
  RelayCommand,
  RoomCommand,
} from "../../src/wire/command.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { LinkStatus, LiveMessage, LiveType } from "../../src/wire/live.ts";
import type { Person } from "../../src/wire/person.ts";
import type { ChatSpec } from "../../src/wire/record.ts";
import { START_AT } from "../support/fake_clock.ts";
import {
  FakeSession,
  type FakeSessionOptions,
} from "../support/fake_session.ts";
import { RecordingEffects } from "../support/recording_effects.ts";

/** The server's habits on a stage. */
export const ROOM_OPTIONS: RoomOptions = {
  chatIntervalMs: 3000,
  membersMax: 10,
  sessionsPerUserMax: 1,
  recentEntriesMax: 1000,
  resumeEntriesMax: 10_000,
  sendsMax: 100,
  penaltiesMax: 100,
  durability: "journal",
};

/** A room that just began; `adm` is its admin. */
export function newStart(more: Partial<RoomStart> = {}): RoomStart {
  return {
    id: "r",
    kind: "managed",
    epoch: "epoch-1",
    name: "Room",
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    adminUserIds: ["adm"],
    autoClose: false,
    createdAt: START_AT,
    lastSeq: 0,
    peakUsers: 0,
    totalJoins: 0,
    lastMessageAt: null,
    bans: [],
    mutes: [],
    recentSends: [],
    emptySinceAt: START_AT,
    ...more,
  };
}

/** A chat room of ann and bob, or of ann who waits. */
export function chatStart(more: Partial<ChatSpec> = {}): Partial<RoomStart> {
  const chat = { access: "participants", isWaiting: false, ...more } as const;
  const first = person("ann");
  const participants = chat.isWaiting ? [first] : [first, person("bob")];
  return {
    kind: "chat",
    slowModeSecs: 0,
    adminUserIds: [],
    autoClose: true,
    chat: { participants, ...chat },
  };
}

/** A device room; the first of its line unless told otherwise. */
export function deviceStart(
  originId: string | null = null,
): Partial<RoomStart> {
  return {
    kind: "device",
    adminUserIds: [],
    autoClose: true,
    device: { originId },
  };
}

/** A live room that is fed. */
export function liveStart(liveId = "42"): Partial<RoomStart> {
  return {
    kind: "live",
    adminUserIds: [],
    autoClose: true,
    live: { liveId },
  };
}

/** A message from outside; a like or a gift of several when told so. */
export function liveMessage(
  type: LiveType = "chat",
  more: Partial<LiveMessage> = {},
): LiveMessage {
  const text = JSON.stringify({ type, live_id: "42" });
  return { type, text, count: 1, ...more };
}

/** How a link stands; live and wanted unless told otherwise. */
export function linkStatus(more: Partial<LinkStatus> = {}): LinkStatus {
  return {
    liveId: "42",
    source: "demo",
    state: "live",
    isActive: true,
    isWanted: true,
    reconnectCount: 0,
    lastMessageAt: START_AT,
    retryAt: null,
    fault: null,
    faultCode: null,
    warning: null,
    quality: null,
    ...more,
  };
}

/** `ann` is Ann. */
export function person(userId: string): Person {
  const nickname = userId.charAt(0).toUpperCase() + userId.slice(1);
  return { userId, nickname };
}

/** Ids that count: `id1`, `id2`… */
export function countingIds(): Ids {
  let count = 0;
  return { uuid: () => `id${++count}`, fraction: () => 0 };
}

/** A message as the log holds it. */
export function newMessage(
  seq: number,
  more: Partial<LogEntry<"message">["payload"]> = {},
): LogEntry<"message"> {
  return {
    roomId: "r",
    seq,
    id: `m${seq}`,
    at: START_AT,
    kind: "message",
    actor: "ann",
    payload: { nickname: "Ann", content: "hi", isAdmin: false, ...more },
  };
}

/** A penalty set at the start. */
export function newPenalty(userId: string, until: number | null): Penalty {
  return { userId, until, at: START_AT };
}

export interface StageOptions {
  readonly start?: Partial<RoomStart>;
  readonly options?: Partial<RoomOptions>;
  /** Whether arrivals and departures are words too. */
  readonly areArrivalsHeard?: boolean;
}

/** One room, its effects as words, and a time that a test moves. */
export class Stage {
  readonly room: Room;
  readonly effects: RecordingEffects;
  /** What operators and posters were answered. */
  readonly outcomes: Outcome[] = [];
  /** What those who fed were told. */
  readonly fed: Fed[] = [];
  now = START_AT;

  constructor({ start, options, areArrivalsHeard }: StageOptions = {}) {
    this.effects = new RecordingEffects({
      areArrivalsHeard: areArrivalsHeard ?? false,
    });
    const habits = { ...ROOM_OPTIONS, ...options };
    this.room = new Room(newStart(start), habits, countingIds());
  }

  /** Lets time pass, without a wake. */
  pass(ms: number): this {
    this.now += ms;
    return this;
  }

  handle(input: RoomInput): void {
    this.room.handle(input, this.now, this.effects);
  }

  /** Joins as a user, or as a session that exists. */
  join(
    who: string | FakeSession,
    { resume = null, ...options }: FakeSessionOptions & {
      resume?: ResumePoint | null;
    } = {},
  ): FakeSession {
    const session = typeof who === "string"
      ? new FakeSession(who, options)
      : who;
    this.handle({ kind: "join", session, resume });
    return session;
  }

  /** Joins as the admin, proven. */
  joinAdmin(): FakeSession {
    return this.join("adm", { isProven: true });
  }

  leave(session: Session, closeCode = 1000): void {
    this.handle({ kind: "leave", session, closeCode });
  }

  say(session: Session, clientMsgId?: string): void {
    const named = clientMsgId === undefined ? {} : { clientMsgId };
    this.command(session, { type: "chat", content: "hi", ...named });
  }

  /** Sends as a device; to all others unless told otherwise. */
  relay(
    session: Session,
    more: Partial<Omit<RelayCommand, "type">> = {},
  ): void {
    this.command(session, { type: "relay", body: '{"t":1}', ...more });
  }

  /** Grows the log by so many messages of an admin. */
  fill(session: Session, count: number): void {
    for (let index = 0; index < count; index++) this.say(session);
    this.take();
  }

  command(session: Session, command: RoomCommand): void {
    this.handle({ kind: "command", session, command });
  }

  /** Commands as the operator; a refusal is the word `reject <code>`. */
  operate(command: OperatorCommand): void {
    this.handle({ kind: "operate", command, reply: this.#reply() });
  }

  /** Posts over HTTP; a refusal is the word `reject <code>`. */
  post(author: Author | string, command: PostCommand): void {
    const who = typeof author === "string" ? person(author) : author;
    const reply = this.#reply();
    this.handle({ kind: "post", author: who, command, reply });
  }

  /** Feeds messages; a refusal is the word `reject <code>`. */
  feed(messages: readonly LiveMessage[], { isUrgent = false } = {}): void {
    const reply = {
      resolve: (fed: Fed) => void this.fed.push(fed),
      reject: this.#reply().reject,
    };
    this.handle({ kind: "feed", messages, isUrgent, reply });
  }

  wake(): void {
    this.handle({ kind: "wake" });
  }

  /** The words since the last call. */
  take(): string[] {
    return this.effects.take();
  }

  #reply(): Reply {
    return {
      resolve: (outcome) => void this.outcomes.push(outcome),
      reject: (error) => {
        const code = error instanceof ChatError ? error.code : error.message;
        this.effects.words.push(`reject ${code}`);
      },
    };
  }
}
