/**
 * The frames of douyin as objects.
 *
 * The `.proto` is read when the program starts, so that there is no generated
 * code to keep in step with it. Numbers of 64 bits are texts: ids on that
 * platform do not fit a number.
 *
 * @module
 */

import protobuf from "protobufjs";
import text from "./douyin.proto" with { type: "text" };

/** What every message says of itself. */
export interface Common {
  readonly msgId: string;
  /** In seconds or ms; "0" when it does not say. */
  readonly createTime: string;
}

/** Somebody, as messages show them. */
export interface User {
  readonly id: string;
  readonly nickName: string;
  readonly gender: number;
  readonly level: number;
  readonly avatarThumb: { readonly url: readonly string[] } | null;
  readonly payGrade: { readonly level: string } | null;
  readonly idStr: string;
}

interface Said {
  readonly common: Common | null;
}

interface SaidByUser extends Said {
  readonly user: User | null;
}

/** A gift, once or as one step of a combo. */
export interface GiftMessage extends SaidByUser {
  readonly giftId: string;
  readonly groupCount: string;
  readonly comboCount: string;
  readonly repeatEnd: number;
  readonly groupId: string;
  readonly gift: {
    readonly combo: boolean;
    readonly diamondCount: number;
    readonly name: string;
  } | null;
  /** In seconds or ms; "0" when it does not say. */
  readonly sendTime: string;
  readonly traceId: string;
}

/** Types of the `.proto` that are decoded, by name; absent fields have zeros. */
export interface Decoded {
  PushFrame: {
    readonly logId: string;
    readonly headers: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly payloadType: string;
    readonly payload: Uint8Array;
  };
  Message: {
    readonly method: string;
    readonly payload: Uint8Array;
    readonly msgId: string;
  };
  ChatMessage: SaidByUser & { readonly content: string };
  GiftMessage: GiftMessage;
  LikeMessage: SaidByUser & { readonly count: string };
  MemberMessage: SaidByUser;
  SocialMessage: SaidByUser;
  RoomUserSeqMessage: Said & {
    readonly total: string;
    readonly totalPvForAnchor: string;
  };
  FansclubMessage: Said & { readonly content: string };
  ControlMessage: Said & { readonly status: number };
  EmojiChatMessage: SaidByUser & { readonly defaultContent: string };
  RoomStatsMessage: Said & {
    readonly displayShort: string;
    readonly displayMiddle: string;
    readonly displayLong: string;
    readonly displayValue: string;
    readonly total: string;
  };
  RoomMessage: Said & { readonly content: string };
  RoomRankMessage: Said & {
    readonly ranks: readonly {
      readonly user: User | null;
      readonly scoreStr: string;
    }[];
  };
  RoomStreamAdaptationMessage: Said & { readonly adaptationType: number };
}

export type TypeName = keyof Decoded;

const { root } = protobuf.parse(text);

const TYPES = new Map<string, protobuf.Type>();

/** 64 bits as text, what is absent as its zero, bytes as a view. */
const AS_OBJECT = { longs: String, defaults: true, arrays: true };

/**
 * Decodes bytes of a type.
 *
 * @returns an object whose `bytes` fields may be views of what was given.
 * @throws {Error} when they are not of the type.
 */
export function decode<Name extends TypeName>(
  name: Name,
  bytes: Uint8Array,
): Decoded[Name] {
  const type = typeOf(name);
  const decoded: unknown = type.toObject(type.decode(bytes), AS_OBJECT);
  // The type says what is in it, and what is not fails to decode.
  return decoded as Decoded[Name];
}

/** Encodes a frame to be sent. */
export function encodePushFrame(
  frame: Partial<Pick<Decoded["PushFrame"], "logId" | "payload">> & {
    readonly payloadType: string;
  },
): Uint8Array {
  const type = typeOf("PushFrame");
  return type.encode(type.fromObject({ ...frame })).finish();
}

function typeOf(name: TypeName): protobuf.Type {
  let type = TYPES.get(name);
  if (type === undefined) {
    type = root.lookupType(name);
    TYPES.set(name, type);
  }
  return type;
}
