/**
 * A room's records as a backend gets them, whether it pulls or is called.
 *
 * The seed's fields come first and by themselves (COMPAT 2.2): a pulled record
 * has no others, unless it is of a message that is more than its text. A batch
 * adds what tells one record from another.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { toSecs } from "../base/unix_time.ts";
import type { ChatLine, EndedStay } from "./outbox.ts";

/**
 * A chat message in the seed's shape; the instant in unix seconds. What follows
 * it is there only where the message has it: no message of plain text does.
 */
export interface ChatRecord {
  readonly user_id: string;
  readonly nickname: string;
  readonly content: string;
  readonly created_at: number;
  readonly message_type?: string;
  /** An http(s) URL, or a path of this server. */
  readonly file_url?: string;
  readonly file_name?: string;
  readonly sender_type?: string;
}

/** A stay in the seed's shape; instants in unix seconds. */
export interface SessionRecord {
  readonly user_id: string;
  readonly nickname: string;
  readonly join_time: number;
  readonly leave_time: number | null;
  readonly duration_seconds: number | null;
}

/** A chat message of a batch. */
export interface BatchedChat extends ChatRecord {
  /** A UUID. */
  readonly id: string;
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
}

/** A stay of a batch. */
export interface BatchedStay extends SessionRecord {
  readonly session_id: string;
  /** Epoch ms. */
  readonly joined_at: number;
  /** Epoch ms. */
  readonly left_at: number;
  readonly close_code: number;
}

/** What a stay's record is made from; `leftAt` is `null` while it goes on. */
export type StayLine =
  & Pick<EndedStay, "userId" | "nickname" | "joinedAt">
  & { readonly leftAt: number | null };

/** Makes one. */
export function chatRecord(line: Omit<ChatLine, "id" | "seq">): ChatRecord {
  return {
    user_id: line.userId,
    nickname: line.nickname,
    content: line.content,
    created_at: toSecs(line.at),
    ...fileOf(line),
  };
}

function fileOf(
  { messageType, fileUrl, fileName, senderType }: Partial<ChatLine>,
): Partial<ChatRecord> {
  return {
    ...(messageType === undefined ? null : { message_type: messageType }),
    ...(fileUrl === undefined ? null : { file_url: fileUrl }),
    ...(fileName === undefined ? null : { file_name: fileName }),
    ...(senderType === undefined ? null : { sender_type: senderType }),
  };
}

/** Makes one. */
export function sessionRecord(stay: StayLine): SessionRecord {
  return {
    user_id: stay.userId,
    nickname: stay.nickname,
    join_time: toSecs(stay.joinedAt),
    leave_time: stay.leftAt === null ? null : toSecs(stay.leftAt),
    duration_seconds: durationSecs(stay),
  };
}

/** Makes one. */
export function batchedChat(line: ChatLine): BatchedChat {
  const { id, seq, at } = line;
  return { ...chatRecord(line), id, seq, at };
}

/** Makes one. */
export function batchedStay(stay: EndedStay): BatchedStay {
  return {
    ...sessionRecord(stay),
    session_id: stay.id,
    joined_at: stay.joinedAt,
    left_at: stay.leftAt,
    close_code: stay.closeCode,
  };
}

/**
 * How long a stay was, in s: between its instants as they are told, so that
 * they add up. `null` while it goes on.
 */
export function durationSecs(
  { joinedAt, leftAt }: Pick<StayLine, "joinedAt" | "leftAt">,
): number | null {
  return leftAt === null ? null : toSecs(leftAt) - toSecs(joinedAt);
}
