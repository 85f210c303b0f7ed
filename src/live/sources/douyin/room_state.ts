/**
 * Whether a room is live, from what the platform answers.
 *
 * No answer, or one that is no JSON, is how the platform turns away those it
 * does not like: that says nothing of the room (COMPAT 4.4).
 *
 * @module
 */

import { z } from "zod";
import type { RoomStatus } from "../../source.ts";
import { jsonOf } from "../bounded_fetch.ts";

/** The platform's numbers. */
const ROOM_LIVE = 0;
const ROOM_ENDED = 2;
const STREAM_LIVE = 2;

/** What is read of the answer; either number may be missing. */
const ANSWER = z.object({
  data: z.object({
    room_status: z.int().optional().catch(undefined),
    data: z.array(z.object({
      id_str: z.string().regex(/^[1-9]\d{0,19}$/)
        .optional().catch(undefined),
      status: z.int().optional().catch(undefined),
    })).optional().catch(undefined),
  }),
});

/** What an answer says. */
export interface RoomState {
  readonly status: RoomStatus;
  /** The number of the broadcast, where the answer has it. */
  readonly roomId: string | undefined;
}

const UNKNOWN: RoomStatus = { kind: "unknown", fault: "status_unknown" };

/** Reads the body of an answer. */
export function readRoomState(text: string): RoomState {
  const parsed = ANSWER.safeParse(jsonOf(text));
  if (!parsed.success) return { status: UNKNOWN, roomId: undefined };
  const { room_status: roomStatus, data: rooms } = parsed.data.data;
  const room = rooms?.[0];
  return {
    status: statusOf(roomStatus, room?.status),
    roomId: room?.id_str,
  };
}

function statusOf(
  roomStatus: number | undefined,
  streamStatus: number | undefined,
): RoomStatus {
  if (roomStatus === undefined) {
    if (streamStatus === undefined) return UNKNOWN;
    return { kind: streamStatus === STREAM_LIVE ? "live" : "ended" };
  }
  if (roomStatus === ROOM_LIVE) return { kind: "live" };
  if (roomStatus === ROOM_ENDED) return { kind: "ended" };
  return { kind: "abnormal", code: roomStatus };
}
