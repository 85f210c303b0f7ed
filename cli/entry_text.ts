/**
 * What one entry of a room's log says, on one line.
 *
 * An entry comes as the frame that clients get. A type that is not known here,
 * of a newer server, shows as the JSON of its payload.
 *
 * @module
 */

import type { EntryAnswer } from "./answers.ts";
import { hexText } from "./hex_text.ts";
import { liveActor, liveWhat } from "./live_text.ts";

/** Who said or did it, where the frame tells: nickname or identity, and id. */
export function entryActor(entry: EntryAnswer): string {
  const { payload } = entry;
  if (entry.type === "LiveMessage") return liveActor(payload) || "-";
  const actor = payload.from ?? entry.from ?? entry.by;
  if (typeof actor !== "string") return "-";
  const nickname = payload.nickname ?? payload.identity;
  return typeof nickname === "string" && nickname !== actor
    ? `${nickname} (${actor})`
    : actor;
}

/** @param instant writes epoch ms. */
export function entryText(
  entry: EntryAnswer,
  instant: (epochMs: number) => string,
): string {
  const { type, payload } = entry;
  switch (type) {
    case "Message":
      return entry.deleted === true ? "(deleted)" : word(payload.content);
    case "DeviceMessage":
      return deviceText(payload);
    case "LiveMessage":
      return `${word(payload.type)} ${liveWhat(payload)}`.trimEnd();
    case "System":
    case "Error":
      return word(payload.message);
    case "CustomEvent":
      return `${word(payload.event_type)} ${JSON.stringify(payload.payload)}`;
    case "MessageDeleted":
      return `message ${word(payload.seq)}`;
    case "UserBanned":
      return `${word(payload.user_id)} ${untilText(payload.until, instant)}`;
    case "UserMuted":
      return `${word(payload.user_id)} ${untilText(entry.until, instant)}`;
    case "UserUnbanned":
    case "UserUnmuted":
      return word(payload.user_id);
    case "AdminsChanged":
      return namesText(payload.admin_user_ids);
    default:
      return JSON.stringify(payload);
  }
}

function deviceText(payload: EntryAnswer["payload"]): string {
  const { target, text, base64 } = payload;
  const to = typeof target === "string" ? `to ${target}: ` : "";
  if (typeof text === "string") return to + oneLine(text);
  return to + (typeof base64 === "string" ? hexText(base64) : word(payload));
}

/** JSON may have newlines between its tokens, and only there. */
function oneLine(json: string): string {
  return json.split("\n").map((line) => line.trim()).join(" ").trim();
}

function untilText(
  until: unknown,
  instant: (epochMs: number) => string,
): string {
  return typeof until === "number" ? `until ${instant(until)}` : "for good";
}

function namesText(names: unknown): string {
  const isNobody = !Array.isArray(names) || names.length === 0;
  return isNobody ? "(nobody)" : names.map(word).join(", ");
}

function word(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}
