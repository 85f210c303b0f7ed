/**
 * From the platform's messages to those of COMPAT 4.3.
 *
 * The platform has more than a hundred kinds; those that the reference knows
 * are in the table, and the others are passed over.
 *
 * @module
 */

import type { FeedFault, SourceMessage } from "../../source.ts";
import type { GiftBook } from "./gift_message.ts";
import {
  chatShape,
  emojiShape,
  fansclubShape,
  followShape,
  likeShape,
  memberShape,
} from "./people_messages.ts";
import { decode } from "./proto.ts";
import {
  controlShape,
  roomMessageShape,
  roomRankShape,
  roomStatsShape,
  statsShape,
  streamAdaptationShape,
} from "./room_messages.ts";
import type { Shape } from "./shape.ts";

/** Reads a payload; `null` when there is nothing to pass on. */
type Read = (
  payload: Uint8Array,
  gifts: GiftBook,
) => Shape | FeedFault | null;

const METHODS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["WebcastChatMessage", chatShape],
  [
    "WebcastGiftMessage",
    (payload, gifts) => gifts.shapeOf(decode("GiftMessage", payload)),
  ],
  ["WebcastLikeMessage", likeShape],
  ["WebcastMemberMessage", memberShape],
  ["WebcastSocialMessage", followShape],
  ["WebcastRoomUserSeqMessage", statsShape],
  ["WebcastFansclubMessage", fansclubShape],
  ["WebcastControlMessage", controlShape],
  ["WebcastEmojiChatMessage", emojiShape],
  ["WebcastRoomStatsMessage", roomStatsShape],
  ["WebcastRoomMessage", roomMessageShape],
  ["WebcastRoomRankMessage", roomRankShape],
  ["WebcastRoomStreamAdaptationMessage", streamAdaptationShape],
]);

/**
 * Reads one Message.
 *
 * @param gifts what is known of the room's gifts; it learns from this one.
 * @returns `null` for what is not passed on: an unknown kind, or a gift that
 * adds nothing; or why it cannot be.
 * @throws {Error} when it is malformed.
 */
export function normalise(
  bytes: Uint8Array,
  gifts: GiftBook,
): SourceMessage | FeedFault | null {
  const { method, payload, msgId } = decode("Message", bytes);
  const shape = METHODS.get(method)?.(payload, gifts) ?? null;
  if (shape === null || typeof shape === "string") return shape;
  const { type, count, sentAt, data } = shape;
  return {
    type,
    count,
    data: { type, ...data },
    // Kinds count by themselves, as far as anybody knows.
    ...(msgId === "0" ? {} : { id: `${method}:${msgId}` }),
    ...(sentAt === 0 ? {} : { sentAt }),
  };
}
