/**
 * Frames of douyin, written by their documented field numbers (COMPAT 4.6,
 * 4.7).
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { bytesField, joinBytes, numberField, textField } from "./wire_bytes.ts";

/** An id beyond 2^53, as the platform's are. */
export const USER_ID = 7_000_000_000_000_000_123n;

/** A User with all that is read of one. */
export function userBytes(
  { id = USER_ID, name = "Ann", gender = 1, avatar = "https://p/a.jpg" } = {},
): Uint8Array {
  return joinBytes(
    numberField(1, id),
    textField(3, name),
    numberField(4, gender),
    numberField(6, 12),
    bytesField(9, textField(1, avatar), textField(1, "https://p/b.jpg")),
    textField(46, "secret-id"),
  );
}

/** What every payload begins with. */
export function commonBytes(createTime = 1_767_225_600): Uint8Array {
  return joinBytes(
    textField(1, "Webcast"),
    numberField(2, 99),
    numberField(4, createTime),
  );
}

/** A chat's payload. */
export function chatBytes(content: string): Uint8Array {
  return joinBytes(
    bytesField(1, commonBytes()),
    bytesField(2, userBytes()),
    textField(3, content),
  );
}

/** What a gift says. */
export interface GiftParts {
  readonly combo?: number;
  readonly group?: number;
  readonly groupId?: number;
  readonly isCombo?: boolean;
  readonly sendTime?: number;
  readonly traceId?: string;
  readonly user?: Uint8Array;
}

/** A gift's payload. */
export function giftBytes(
  {
    combo = 1,
    group = 1,
    groupId = 5,
    isCombo = true,
    sendTime = 1_767_225_600_000,
    traceId = "",
    user = userBytes(),
  }: GiftParts = {},
): Uint8Array {
  return joinBytes(
    bytesField(1, commonBytes()),
    numberField(2, 463),
    numberField(4, group),
    numberField(5, 77),
    numberField(6, combo),
    bytesField(7, user),
    numberField(9, 1),
    numberField(11, groupId),
    bytesField(
      15,
      textField(2, "a description"),
      numberField(5, 463),
      numberField(10, isCombo ? 1 : 0),
      numberField(12, 10),
      textField(16, "Rose"),
    ),
    numberField(33, sendTime),
    textField(35, traceId),
  );
}

/** The payload that says that a live room is over. */
export function endBytes(): Uint8Array {
  return joinBytes(bytesField(1, commonBytes()), numberField(2, 3));
}

/** A Message. */
export function messageBytes(
  method: string,
  payload: Uint8Array,
  msgId: number | bigint = 1,
): Uint8Array {
  return joinBytes(
    textField(1, method),
    bytesField(2, payload),
    numberField(3, msgId),
    numberField(4, 1),
  );
}

/** A chat as a Message. */
export function chatMessage(content: string, msgId: number): Uint8Array {
  return messageBytes("WebcastChatMessage", chatBytes(content), msgId);
}

/** What a Response says beside its messages. */
export interface ResponseParts {
  readonly needAck?: boolean;
  readonly internalExt?: string;
  readonly heartbeatS?: number;
}

/** A Response. */
export function responseBytes(
  messages: readonly Uint8Array[],
  { needAck = false, internalExt = "ext", heartbeatS = 0 }: ResponseParts = {},
): Uint8Array {
  return joinBytes(
    ...messages.map((message) => bytesField(1, message)),
    textField(2, "cursor"),
    numberField(3, 1000),
    textField(5, internalExt),
    bytesField(7, textField(1, "k"), textField(2, "v")),
    numberField(8, heartbeatS),
    numberField(9, needAck ? 1 : 0),
    textField(10, "wss://elsewhere"),
  );
}

/** How a Response travels. */
export interface PushParts {
  readonly logId?: number | bigint;
  readonly isPacked?: boolean;
  readonly type?: string;
}

/** A push frame around a payload, which it packs unless told otherwise. */
export function pushBytes(
  payload: Uint8Array,
  { logId = 1, isPacked = true, type = "msg" }: PushParts = {},
): Uint8Array {
  const header = bytesField(
    5,
    textField(1, "compress_type"),
    textField(2, isPacked ? "gzip" : "none"),
  );
  return joinBytes(
    numberField(1, 3),
    numberField(2, logId),
    numberField(4, 8),
    header,
    textField(6, "pb"),
    textField(7, type),
    bytesField(8, isPacked ? new Uint8Array(gzipSync(payload)) : payload),
  );
}

/** A push frame with chats, numbered from 1. */
export function chatFrame(
  contents: readonly string[],
  parts: ResponseParts & PushParts = {},
): Uint8Array {
  const messages = contents.map((content, at) => chatMessage(content, at + 1));
  return pushBytes(responseBytes(messages, parts), parts);
}
