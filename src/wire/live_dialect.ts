/**
 * The live dialect: what viewers of a live room are told, one flat JSON object
 * each, around messages in the shapes of COMPAT 4.3.
 *
 * A snapshot is the first word, in place of a welcome: it says where the link
 * stands and what was said last, so that a page has something to show at once.
 *
 * @module
 */

import { toSecs } from "../base/unix_time.ts";
import type { TextDialect } from "./dialect.ts";
import type { LogEntry } from "./entry.ts";
import type { LiveSnapshot, RoomEvent } from "./event.ts";
import { parseJsonObject } from "./json_object.ts";
import type { ClientLimits } from "./limits.ts";
import type { LiveBurst } from "./live.ts";
import { liveDecoder } from "./live_decode.ts";
import {
  liveEntryFrame,
  liveMessageText,
  statsBody,
  statusBody,
} from "./live_frames.ts";
import { mutedFrame, refusalFrame } from "./refusal_frame.ts";

/** The room that is spoken of, and the server's bounds. */
export interface LiveDialectOptions extends ClientLimits {
  readonly liveId: string;
}

/** The dialect of `/ws/live/{live_id}`: one object for all who watch a room. */
export function liveDialect(options: LiveDialectOptions): TextDialect {
  const { liveId } = options;
  return {
    name: "live",
    isPersonal: false,
    decode: liveDecoder(options),
    encode: (event) => {
      switch (event.type) {
        case "entry":
          return liveEntryFrame(event.entry, liveId);
        case "live_snapshot":
          return snapshotText(event, liveId);
        case "history":
          return withMessages(
            { type: "history", has_more: event.hasMore },
            event.entries,
            liveId,
          );
        default: {
          const frame = eventFrame(event);
          return frame === null ? null : JSON.stringify(frame);
        }
      }
    },
  };
}

/** One frame before it becomes text. */
interface LiveFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

function snapshotText(snapshot: LiveSnapshot, liveId: string): string {
  const { welcome, status, stats, entries } = snapshot;
  const { userId, nickname } = welcome.user;
  return withMessages(
    {
      type: "snapshot",
      live_id: liveId,
      room_id: welcome.roomId,
      session_id: welcome.sessionId,
      user: { user_id: userId, nickname },
      epoch: welcome.epoch,
      last_seq: welcome.lastSeq,
      recovered: welcome.recovered,
      status: statusBody(status),
      stats: statsBody(stats),
    },
    entries,
    liveId,
  );
}

/** A frame with a list of entries as its last field, none parsed for it. */
function withMessages(
  frame: LiveFrame,
  entries: readonly LogEntry[],
  liveId: string,
): string {
  const texts = entries.map((entry) => liveMessageText(entry, liveId))
    .filter((text) => text !== null);
  const head = JSON.stringify(frame).slice(0, -1);
  return `${head},"messages":[${texts.join(",")}]}`;
}

type OtherEvent = Exclude<
  RoomEvent,
  { type: "entry" | "live_snapshot" | "history" }
>;

function eventFrame(event: OtherEvent): LiveFrame | null {
  switch (event.type) {
    case "live_burst":
      return burstFrame(event.burst);
    case "live_status":
      return { type: "live_status", status: statusBody(event.status) };
    case "live_stats":
      return {
        type: "live_stats",
        stats: statsBody(event.stats),
        watchers: event.watchers,
      };
    case "ack":
      return {
        type: "ack",
        client_msg_id: event.clientMsgId,
        id: event.id,
        seq: event.seq,
        durability: event.durability,
      };
    case "gap":
      return { type: "gap", from: event.from, to: event.to };
    case "heartbeat":
    case "heartbeat_ack":
      return { type: event.type, timestamp: toSecs(event.at) };
    case "pong":
      return { type: "pong", timestamp: event.timestamp };
    case "you_are_muted":
      return mutedFrame(event);
    case "you_are_kicked":
      return refusalFrame({ type: "error", code: event.code });
    case "error":
      return refusalFrame(event);
    case "welcome":
      // The snapshot says all of it.
    case "user_joined":
    case "user_left":
    case "arrived":
    case "departed":
    case "room_stats":
    case "notice":
    case "token_refreshed":
    case "connected":
    case "assigned":
    case "room_info":
      // Viewers are not told of each other, and ask for none of the others.
      return null;
  }
}

/** The last message of several, with the sum of their counts. */
function burstFrame(burst: LiveBurst): LiveFrame {
  return {
    type: "live_message",
    seq: burst.toSeq,
    from_seq: burst.fromSeq,
    conflated: burst.messages,
    id: burst.id,
    at: burst.at,
    data: { ...parseJsonObject(burst.text), count: burst.count },
  };
}
