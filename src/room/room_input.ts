/**
 * Everything that can enter a room.
 *
 * A new input also needs a lane in {@linkcode laneOf} and a case in
 * `Room.handle`.
 *
 * @module
 */

import type {
  OperatorCommand,
  PostCommand,
  RoomCommand,
} from "../wire/command.ts";
import type { ErrorCode } from "../wire/errors.ts";
import type { LiveMessage, LiveNews } from "../wire/live.ts";
import type { Welcome } from "../wire/event.ts";
import type { Person } from "../wire/person.ts";
import type { Lane } from "./mailbox.ts";
import type { Session } from "./session.ts";

/** Where a client's knowledge of the log ends. */
export interface ResumePoint {
  readonly sinceSeq: number;
  readonly epoch: string;
}

/** What became of an operator's command, or of what a user posted. */
export interface Outcome {
  /** The log entry that it made; all `null` when nothing changed. */
  readonly seq: number | null;
  readonly id: string | null;
  /** Epoch ms. */
  readonly at: number | null;
  /** Whether it was posted before, and this is the receipt of that time. */
  readonly isRepeated: boolean;
}

/** A user who posts, with what vouches for them. */
export interface Author extends Person {
  /** Whether the user id was proven; absent is not. */
  readonly isProven?: boolean;
  /** Whether a token makes them an admin of this room; absent is not. */
  readonly isTokenAdmin?: boolean;
}

/** Whom to tell what became of it. */
export interface Reply {
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
}

/**
 * Who is told what became of a join, in place of the session itself: where the
 * edge has words of its own for it, and another room to try.
 */
export interface JoinReply {
  /** Called within the turn, before anything is said to the session. */
  joined(welcome: Welcome): void;
  /**
   * The session was told nothing, and is not closed. The code is `disconnected`
   * when it has left before its join had a turn.
   */
  refused(code: ErrorCode): void;
}

/** What became of messages that were fed to a live room. */
export interface Fed {
  /** How many were kept, from the first on; the others are to be fed again. */
  readonly keptCount: number;
  /** The number of the last one that was kept, or of the log's end. */
  readonly lastSeq: number;
}

/** Whom to tell what became of what was fed. */
export interface FeedReply {
  resolve(fed: Fed): void;
  reject(error: Error): void;
}

export type RoomInput =
  | {
    readonly kind: "join";
    readonly session: Session;
    readonly resume: ResumePoint | null;
    readonly reply?: JoinReply;
  }
  | {
    readonly kind: "leave";
    readonly session: Session;
    /** The WebSocket close code; 1006 when none was exchanged. */
    readonly closeCode: number;
  }
  | {
    readonly kind: "command";
    readonly session: Session;
    readonly command: RoomCommand;
  }
  | {
    readonly kind: "operate";
    readonly command: OperatorCommand;
    readonly reply: Reply;
  }
  /** What a user does without a connection. */
  | {
    readonly kind: "post";
    readonly author: Author;
    readonly command: PostCommand;
    readonly reply: Reply;
  }
  /** What came from outside into a live room, in order. */
  | {
    readonly kind: "feed";
    /** 1 to `FEED_MESSAGES_MAX`. */
    readonly messages: readonly LiveMessage[];
    /** Gifts and control go ahead of the others, in the high lane. */
    readonly isUrgent: boolean;
    readonly reply: FeedReply;
  }
  /** Something that those who are in a live room are told now. */
  | { readonly kind: "announce"; readonly news: LiveNews }
  /** A session was sent, from the log, what it missed up to this number. */
  | {
    readonly kind: "replayed";
    readonly session: Session;
    readonly throughSeq: number;
  }
  /** The log could not be read for a session that resumes. */
  | { readonly kind: "replay_failed"; readonly session: Session }
  /** A time that the room asked to be woken at has come. */
  | { readonly kind: "wake" };

/**
 * The lane of an input. What any user may do as often as they like is low, and
 * leaves with it, so that a leave never overtakes what its user said.
 */
export function laneOf(input: RoomInput): Lane {
  switch (input.kind) {
    case "leave":
    case "post":
      return "low";
    case "command":
      return isLow(input.command) ? "low" : "high";
    case "feed":
      return input.isUrgent ? "high" : "low";
    default:
      return "high";
  }
}

const LOW_COMMANDS: ReadonlySet<RoomCommand["type"]> = new Set([
  "chat",
  "read",
  "notice",
  "relay",
  "query_room",
]);

function isLow({ type }: RoomCommand): boolean {
  return LOW_COMMANDS.has(type);
}

/**
 * Whether an input must get in however full its lane is.
 *
 * There is at most one leave, one replay and one wake for each session or
 * room, so these have a bound of their own; and a refused leave would leave a
 * ghost behind.
 */
export function isOwed(input: RoomInput): boolean {
  return input.kind === "leave" || input.kind === "wake" ||
    input.kind === "replayed" || input.kind === "replay_failed";
}
