/**
 * What a live room says of itself, in the shapes of COMPAT 4.3.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { countOf } from "../../chinese_count.ts";
import { countFrom } from "./numbers.ts";
import { madeAt } from "./people_messages.ts";
import { personFields } from "./person.ts";
import { decode } from "./proto.ts";
import type { Shape } from "./shape.ts";

/** The status of a live room that is over. */
const STATUS_ENDED = 3;

/** Most ranks that are passed on. */
const RANKS_MAX = 100;

/** Reads how many watch. */
export function statsShape(payload: Uint8Array): Shape {
  const { common, total, totalPvForAnchor } = decode(
    "RoomUserSeqMessage",
    payload,
  );
  const data = {
    current_viewers: countFrom(total),
    total_viewers: totalPvForAnchor,
    total_viewers_count: countOf(totalPvForAnchor),
  };
  return { type: "stats", count: 1, sentAt: madeAt(common), data };
}

/** Reads that the live room is over; `null` for anything else it controls. */
export function controlShape(payload: Uint8Array): Shape | null {
  const { common, status } = decode("ControlMessage", payload);
  if (status !== STATUS_ENDED) return null;
  const data = { status: "ended" };
  return { type: "control", count: 1, sentAt: madeAt(common), data };
}

/** Reads the numbers that the platform shows beside the picture. */
export function roomStatsShape(payload: Uint8Array): Shape {
  const message = decode("RoomStatsMessage", payload);
  const data = {
    display_short: message.displayShort,
    display_middle: message.displayMiddle,
    display_long: message.displayLong,
    display_value: countFrom(message.displayValue),
    total: countFrom(message.total),
  };
  return { type: "room_stats", count: 1, sentAt: madeAt(message.common), data };
}

/** Reads a notice of the platform. */
export function roomMessageShape(payload: Uint8Array): Shape {
  const { common, content } = decode("RoomMessage", payload);
  return {
    type: "room_message",
    count: 1,
    sentAt: madeAt(common),
    data: { content },
  };
}

/** Reads who gave most. */
export function roomRankShape(payload: Uint8Array): Shape {
  const { common, ranks } = decode("RoomRankMessage", payload);
  const data = {
    ranks: ranks.slice(0, RANKS_MAX).map(({ user, scoreStr }) => ({
      ...personFields(user),
      score: scoreStr,
    })),
  };
  return { type: "room_rank", count: 1, sentAt: madeAt(common), data };
}

/** Reads how the picture is fitted to a screen. */
export function streamAdaptationShape(payload: Uint8Array): Shape {
  const { common, adaptationType } = decode(
    "RoomStreamAdaptationMessage",
    payload,
  );
  const data = { adaptation_type: adaptationType };
  return { type: "stream_adaptation", count: 1, sentAt: madeAt(common), data };
}
