/**
 * The rooms dialect: seed 2's frames, adjacently tagged JSON.
 *
 * A frame is `{"type": <PascalCase>, "payload": {…}}`; a type without fields
 * has no `payload` key (COMPAT 2.1). What Parlor adds stands beside the
 * payload (`id`, `seq`, `at`, `code`), so that a client of the seed reads
 * every frame as it always did.
 *
 * @module
 */
import type { TextDialect } from "./dialect.ts";
import type { Refusal, RoomEvent, Welcome } from "./event.ts";
import type { Person } from "./person.ts";
import type { ClientLimits } from "./limits.ts";
import { refusalText } from "./refusal_text.ts";
import { roomsDecoder } from "./rooms_decode.ts";
import { entryFrame, type RoomsFrame } from "./rooms_entry.ts";

/** The dialect of `/ws/rooms/{room_id}`, with the server's bounds on content. */
export function roomsDialect(limits: ClientLimits): TextDialect {
  return {
    name: "rooms",
    isPersonal: false,
    decode: roomsDecoder(limits),
    encode: (event) => {
      const frame = eventFrame(event);
      return frame === null ? null : JSON.stringify(frame);
    },
  };
}

function eventFrame(event: RoomEvent): RoomsFrame | null {
  switch (event.type) {
    case "entry":
      return entryFrame(event.entry);
    case "welcome":
      return welcomeFrame(event);
    case "user_joined":
      return { type: "UserJoined", payload: personPayload(event.user) };
    case "user_left":
      return { type: "UserLeft", payload: personPayload(event.user) };
    case "room_stats":
      return {
        type: "RoomStats",
        payload: {
          current_users: event.currentUsers,
          peak_users: event.peakUsers,
        },
      };
    case "you_are_kicked":
      return { type: "YouAreKicked" };
    case "you_are_muted":
      return {
        type: "YouAreMuted",
        until: event.until,
        client_msg_id: event.clientMsgId,
      };
    case "pong":
      return event.timestamp === undefined
        ? { type: "Pong" }
        : { type: "Pong", payload: { timestamp: event.timestamp } };
    case "ack":
      return {
        type: "Ack",
        payload: {
          client_msg_id: event.clientMsgId,
          id: event.id,
          seq: event.seq,
          durability: event.durability,
        },
      };
    case "error":
      return errorFrame(event);
    case "gap":
      return { type: "Gap", payload: { from: event.from, to: event.to } };
    case "history":
      return historyFrame(event);
    case "token_refreshed":
      return {
        type: "TokenRefreshed",
        payload: { expires_at: event.expiresAt },
      };
    case "arrived":
    case "departed":
    case "notice":
    case "heartbeat":
    case "heartbeat_ack":
    case "connected":
    case "assigned":
    case "room_info":
    case "live_snapshot":
    case "live_status":
    case "live_stats":
    case "live_burst":
      // Seed 2 has no word for these: it counts who is here, and pings.
      return null;
  }
}

function welcomeFrame(welcome: Welcome): RoomsFrame {
  return {
    type: "WelcomeInfo",
    payload: { ...personPayload(welcome.user), is_muted: welcome.isMuted },
    session_id: welcome.sessionId,
    epoch: welcome.epoch,
    last_seq: welcome.lastSeq,
    recovered: welcome.recovered,
  };
}

function historyFrame(
  { entries, hasMore }: Extract<RoomEvent, { type: "history" }>,
): RoomsFrame {
  return {
    type: "History",
    payload: { entries: entries.map(entryFrame), has_more: hasMore },
  };
}

function errorFrame(refusal: Refusal): RoomsFrame {
  return {
    type: "Error",
    payload: { message: refusalText(refusal) },
    code: refusal.code,
    retry_after_ms: refusal.retryAfterMs,
    client_msg_id: refusal.clientMsgId,
  };
}

function personPayload(user: Person): { user_id: string; nickname: string } {
  return { user_id: user.userId, nickname: user.nickname };
}
