/**
 * What people do in a live room, in the shapes of COMPAT 4.3.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { countFrom, instantFrom } from "./numbers.ts";
import { avatarOf, genderOf, personFields } from "./person.ts";
import { type Common, decode } from "./proto.ts";
import type { Shape } from "./shape.ts";

/** When a message was made, in epoch ms; 0 when it does not say. */
export function madeAt(common: Common | null): number {
  return instantFrom(common?.createTime ?? "0");
}

/** Reads what somebody said. */
export function chatShape(payload: Uint8Array): Shape {
  const { common, user, content } = decode("ChatMessage", payload);
  const data = { ...personFields(user), content, user_avatar: avatarOf(user) };
  return { type: "chat", count: 1, sentAt: madeAt(common), data };
}

/** Reads likes. */
export function likeShape(payload: Uint8Array): Shape {
  const { common, user, ...message } = decode("LikeMessage", payload);
  const count = countFrom(message.count);
  const data = { ...personFields(user), count, user_avatar: avatarOf(user) };
  return { type: "like", count, sentAt: madeAt(common), data };
}

/** Reads who came in. */
export function memberShape(payload: Uint8Array): Shape {
  const { common, user } = decode("MemberMessage", payload);
  const data = {
    ...personFields(user),
    gender: genderOf(user),
    user_avatar: avatarOf(user),
  };
  return { type: "member", count: 1, sentAt: madeAt(common), data };
}

/** Reads who follows, or shares: the reference does not tell them apart. */
export function followShape(payload: Uint8Array): Shape {
  const { common, user } = decode("SocialMessage", payload);
  const data = { ...personFields(user), user_avatar: avatarOf(user) };
  return { type: "follow", count: 1, sentAt: madeAt(common), data };
}

/** Reads news of the host's fan club. */
export function fansclubShape(payload: Uint8Array): Shape {
  const { common, content } = decode("FansclubMessage", payload);
  return {
    type: "fansclub",
    count: 1,
    sentAt: madeAt(common),
    data: { content },
  };
}

/** Reads a picture that somebody sent in place of words. */
export function emojiShape(payload: Uint8Array): Shape {
  const { common, user, defaultContent } = decode("EmojiChatMessage", payload);
  const data = {
    ...personFields(user),
    content: defaultContent,
    user_avatar: avatarOf(user),
  };
  return { type: "emoji_chat", count: 1, sentAt: madeAt(common), data };
}
