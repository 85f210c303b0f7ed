/**
 * A log entry as a frame of the devices dialect.
 *
 * What a device sent goes out as it came, a text as that text and bytes as
 * those bytes, so that the clients of seed 3 see what they always saw. In the
 * envelope it has a number, and a client can ask for what it missed.
 *
 * @module
 */

import { type DeviceFrame, errorFrame } from "./device_frames.ts";
import { type RelayType, stamped } from "./device_stamp.ts";
import type { LogEntry } from "./entry.ts";
import type { Frame } from "./packet.ts";

/** How entries are shown. */
export interface DeviceEntryOptions {
  /** Whether a broadcast says who sent it; a direct message always does. */
  readonly isStamped: boolean;
  /** Whether each entry stands in an envelope with its number. */
  readonly hasEnvelope: boolean;
}

/** An entry as a frame; `null` when devices are told nothing of its kind. */
export function deviceEntryFrame(
  entry: LogEntry,
  options: DeviceEntryOptions,
): Frame | null {
  if (entry.kind === "relay") {
    return options.hasEnvelope ? enveloped(entry) : plain(entry, options);
  }
  const frame = roomFrame(entry);
  if (frame === null) return null;
  const { id, seq, at } = entry;
  const place = options.hasEnvelope ? { seq, id, at } : null;
  return JSON.stringify({ ...frame, ...place });
}

/**
 * Whether an entry is for one who catches up: what a device said itself is
 * not, unless it said it to itself, nor is what another alone was told.
 */
export function isOwedTo(entry: LogEntry, readerId: string): boolean {
  if (entry.kind !== "relay") return true;
  const { to } = entry.payload;
  return to === undefined ? entry.actor !== readerId : to === readerId;
}

function plain(
  { actor, payload }: LogEntry<"relay">,
  { isStamped }: DeviceEntryOptions,
): Frame | null {
  const { text, base64, to } = payload;
  if (base64 !== undefined) return Uint8Array.fromBase64(base64);
  if (text === undefined) return null;
  if (!isStamped && to === undefined) return text;
  const messageType = relayType(to);
  return stamped(text, { fromDeviceId: actor ?? "", messageType });
}

/** The text stands in the envelope byte for byte, without a stamp. */
function enveloped(entry: LogEntry<"relay">): string | null {
  const { id, seq, at, actor, payload } = entry;
  const { text, base64, to } = payload;
  const head = JSON.stringify({
    type: "message",
    seq,
    id,
    at,
    from_device_id: actor,
    message_type: relayType(to),
  }).slice(0, -1);
  if (base64 !== undefined) return `${head},"data_base64":"${base64}"}`;
  return text === undefined ? null : `${head},"data":${text}}`;
}

function relayType(to: string | undefined): RelayType {
  return to === undefined ? "broadcast" : "direct";
}

/** What the operator or the server did to the room. */
function roomFrame(
  entry: Exclude<LogEntry, { kind: "relay" }>,
): DeviceFrame | null {
  switch (entry.kind) {
    case "system":
      return { type: "system", message: entry.payload.message };
    case "custom_event":
      return {
        type: "custom_event",
        event_type: entry.payload.eventType,
        payload: entry.payload.payload,
      };
    case "end":
      return errorFrame({ type: "error", code: "room_followed" });
    case "message":
    case "delete":
    case "read":
    case "open":
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
    case "admins":
    case "settings":
    case "live":
      // Nothing is said to devices of users, of live rooms, nor of each other.
      return null;
  }
}
