/**
 * What a source of live rooms is: a platform, or a server of one's own.
 *
 * A source knows how to ask and how to listen. When to do either, and what to
 * do when it fails, is the link's.
 *
 * @module
 */

import type { LinkFault, LiveType } from "../wire/live.ts";

/** What a platform says of a room. */
export type RoomStatus =
  | { readonly kind: "live" }
  /** It is over, or has not begun. */
  | { readonly kind: "ended" }
  /** Another state, by the platform's number for it. */
  | { readonly kind: "abnormal"; readonly code: number }
  /** It did not say; that is not the same as `ended`. */
  | { readonly kind: "unknown"; readonly fault: LinkFault };

/** One message, in the words of COMPAT 4.3. */
export interface SourceMessage {
  readonly type: LiveType;
  /** The platform's own id for it; absent where it has none. */
  readonly id?: string;
  /** When it happened, by the platform's clock, in epoch ms, if it says. */
  readonly sentAt?: number;
  /** Likes of a like, gifts of a gift, otherwise 1. */
  readonly count: number;
  /**
   * The fields of its shape, without `live_id`; `timestamp` where the source
   * gives one, otherwise it is set when the message is taken.
   */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A message that says that the room is over. */
export function isEnd({ type, data }: SourceMessage): boolean {
  return type === "control" && data["status"] === "ended";
}

/** What was wrong with something that came, while the connection stays. */
export type FeedFault =
  /** Not in the format of the source. */
  | "malformed"
  /** A kind of message that no shape is for. */
  | "unknown_type"
  /** A message beyond `LIVE_TEXT_CHARS_MAX`, or beyond what is read. */
  | "message_too_large"
  /** A frame that is, or holds, more than it may once it is unpacked. */
  | "unpacked_too_large";

/** Why a connection is over, or never was. */
export interface SourceEnd {
  readonly fault: LinkFault;
  /** The close code, or the HTTP status of a refusal. */
  readonly code?: number;
  /** What the other side says, for the log; at most 200 characters. */
  readonly detail?: string;
}

/** Who listens to a connection. Nothing is told after `onEnd`. */
export interface SourceEvents {
  onOpen(): void;
  /**
   * Messages in order; none where only `keep` is to be called in its turn.
   *
   * @param keep called once all of them are in the log, or known to be, and all
   * that came before: only then may the other side be told that they came.
   */
  onMessages(messages: readonly SourceMessage[], keep?: () => void): void;
  /** Anything else came that shows that the other side is there. */
  onAlive(): void;
  /** Something was passed over; the connection stays. */
  onFault(fault: FeedFault): void;
  /** Exactly once, whoever ended it. */
  onEnd(end: SourceEnd): void;
}

/** A connection that is opening or open. */
export interface SourceConnection {
  /** Reads nothing more until `resume`; what was read before may still come. */
  pause(): void;
  resume(): void;
  /** Asks the other side for a sign of life, which comes as `onAlive`. */
  ping(): void;
  /** Ends it politely, and by force within a second. `onEnd` follows. */
  close(): void;
  /** Ends it at once. `onEnd` follows, within this call or right after. */
  cut(): void;
}

/** A platform. */
export interface LiveSource {
  readonly name: string;
  /** Whether the other side answers pings, as far as is known. */
  readonly answersPings: boolean;
  /** Asks whether a room is live. Never throws, unless `signal` aborts. */
  check(liveId: string, signal: AbortSignal): Promise<RoomStatus>;
  /**
   * Notes what is in a room's log, in place of what it knew: for a source that
   * tells by what came before what is new. Called before it connects.
   *
   * @param texts the newest gifts, as viewers read them, oldest first.
   */
  recall?(liveId: string, texts: readonly string[]): void;
  /** Connects to a room. Never throws: what fails comes as `onEnd`. */
  connect(liveId: string, events: SourceEvents): SourceConnection;
}
