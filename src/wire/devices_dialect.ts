/**
 * The devices dialect: seed 3's frames, in which any JSON and any bytes are a
 * message.
 *
 * What Parlor adds is off unless the device asks for it: a client of the seed
 * sees no byte that the sender did not write, nor a frame that it does not
 * know. Nothing is ever said of other devices that come and go.
 *
 * @module
 */

import { deviceEntryFrame, isOwedTo } from "./device_entry.ts";
import {
  ackFrame,
  assignedFrame,
  CONNECTED,
  type DeviceFrame,
  errorFrame,
  mutedFrame,
  roomInfoFrame,
} from "./device_frames.ts";
import { decodeDeviceBytes, devicesDecoder } from "./devices_decode.ts";
import type { Dialect } from "./dialect.ts";
import type { RoomEvent } from "./event.ts";

/** What the operator set, and what a device asked for. */
export interface DevicesDialectOptions {
  /** Whether a broadcast says who sent it; a direct message always does. */
  readonly isStamped: boolean;
  /** Whether each entry has its number, and gaps are told of. */
  readonly hasEnvelope: boolean;
  /** Whether a message with a `client_msg_id` gets a receipt. */
  readonly hasAcks: boolean;
}

/**
 * The dialect of `/ws/devices`.
 *
 * Who catches up is named as the reader of an entry, and gets `null` for what
 * is not owed to them. What is said as it happens names nobody.
 */
export function devicesDialect(options: DevicesDialectOptions): Dialect {
  return {
    name: "devices",
    isPersonal: false,
    decode: devicesDecoder(options),
    decodeBinary: decodeDeviceBytes,
    encode: (event, readerId) => {
      if (event.type === "entry") {
        const { entry } = event;
        if (readerId !== undefined && !isOwedTo(entry, readerId)) return null;
        return deviceEntryFrame(entry, options);
      }
      const frame = eventFrame(event, options);
      return frame === null ? null : JSON.stringify(frame);
    },
  };
}

type OtherEvent = Exclude<RoomEvent, { type: "entry" }>;

function eventFrame(
  event: OtherEvent,
  { hasEnvelope }: DevicesDialectOptions,
): DeviceFrame | null {
  switch (event.type) {
    case "connected":
      return CONNECTED;
    case "assigned":
      return assignedFrame(event, { hasEnvelope });
    case "room_info":
      return roomInfoFrame(event);
    case "ack":
      return ackFrame(event);
    case "gap":
      return hasEnvelope
        ? { type: "gap", from: event.from, to: event.to }
        : null;
    case "you_are_muted":
      return mutedFrame(event);
    case "you_are_kicked":
      return errorFrame({ type: "error", code: event.code });
    case "error":
      return errorFrame(event);
    case "welcome":
    case "user_joined":
    case "user_left":
    case "arrived":
    case "departed":
    case "room_stats":
    case "notice":
    case "pong":
    case "heartbeat":
    case "heartbeat_ack":
    case "history":
    case "token_refreshed":
    case "live_snapshot":
    case "live_status":
    case "live_stats":
    case "live_burst":
      // The seed has no word for these, and a device asks for none of them.
      return null;
  }
}
