import assert from "node:assert/strict";
import type { SourceMessage } from "../../../../src/live/source.ts";
import { GiftBook } from "../../../../src/live/sources/douyin/gift_message.ts";
import { normalise } from "../../../../src/live/sources/douyin/normalise.ts";
import {
  chatBytes,
  endBytes,
  giftBytes,
  messageBytes,
  userBytes,
} from "../../../support/douyin_frames.ts";
import { fromHex, joinBytes, textField } from "../../../support/wire_bytes.ts";

function normalised(
  bytes: Uint8Array,
  gifts = new GiftBook(),
): SourceMessage | null {
  const message = normalise(bytes, gifts);
  assert(typeof message !== "string");
  return message;
}

Deno.test("normalise reads a message from its very bytes", () => {
  // 1: "WebcastChatMessage", 3: 2^53 + 1,
  // 2: {1: {2: 5, 4: 1767225600}, 2: {1: 2^53 + 1, 3: "A"}, 3: "hi"}.
  const message = normalise(
    fromHex(`
      0a 12 576562636173744368 61744d657373616765
      12 1e
        0a 08 1005 2080f2d6ca06
        12 0e 08 8180808080808010  1a 01 41  20 02
        1a 02 6869
      18 8180808080808010
    `),
    new GiftBook(),
  );
  assert.deepEqual(message, {
    type: "chat",
    id: "WebcastChatMessage:9007199254740993",
    sentAt: 1_767_225_600_000,
    count: 1,
    data: {
      type: "chat",
      user_id: "9007199254740993",
      user_name: "A",
      content: "hi",
      user_avatar: "",
    },
  });
});

Deno.test("normalise knows the 13 kinds by their names", () => {
  const kinds = {
    WebcastChatMessage: "chat",
    WebcastGiftMessage: "gift",
    WebcastLikeMessage: "like",
    WebcastMemberMessage: "member",
    WebcastSocialMessage: "follow",
    WebcastRoomUserSeqMessage: "stats",
    WebcastFansclubMessage: "fansclub",
    WebcastEmojiChatMessage: "emoji_chat",
    WebcastRoomStatsMessage: "room_stats",
    WebcastRoomMessage: "room_message",
    WebcastRoomRankMessage: "room_rank",
    WebcastRoomStreamAdaptationMessage: "stream_adaptation",
  };
  for (const [method, type] of Object.entries(kinds)) {
    const bytes = messageBytes(method, new Uint8Array());
    const message = normalised(bytes);
    assert.equal(message?.type, type);
    assert.equal(message?.data["type"], type);
  }
  const end = messageBytes("WebcastControlMessage", endBytes());
  assert.equal(normalised(end)?.type, "control");
});

Deno.test("normalise passes over kinds that it does not know", () => {
  const bytes = messageBytes("WebcastLotteryMessage", fromHex("ffff"));
  assert.equal(normalise(bytes, new GiftBook()), null);
});

Deno.test("normalise passes over a gift that adds nothing", () => {
  const gifts = new GiftBook();
  const bytes = messageBytes("WebcastGiftMessage", giftBytes());
  assert.equal(normalised(bytes, gifts)?.count, 1);
  assert.equal(normalise(bytes, gifts), null);
});

Deno.test("normalise gives no id and no time where there is none", () => {
  const bytes = messageBytes("WebcastRoomMessage", textField(2, "x"), 0);
  assert.deepEqual(normalise(bytes, new GiftBook()), {
    type: "room_message",
    count: 1,
    data: { type: "room_message", content: "x" },
  });
});

Deno.test("normalise throws for a payload that is truncated", () => {
  const payload = chatBytes("hello").subarray(0, -2);
  const bytes = messageBytes("WebcastChatMessage", payload);
  assert.throws(() => normalise(bytes, new GiftBook()));
  assert.throws(() =>
    normalise(joinBytes(bytes, fromHex("12")), new GiftBook())
  );
});

Deno.test("normalise says that a gift is too large", () => {
  const user = userBytes({ name: "n".repeat(65_536) });
  const bytes = messageBytes("WebcastGiftMessage", giftBytes({ user }));
  assert.equal(normalise(bytes, new GiftBook()), "message_too_large");
});
