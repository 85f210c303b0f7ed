/**
 * Who sent it and to whom, written into the text that a device sent
 * (COMPAT 3.5).
 *
 * The two keys go in before the last brace, and no other byte changes. Where
 * the sender wrote one of them itself, its own is taken out first: some parsers
 * believe the first of two, and could be told that another device speaks.
 *
 * @module
 */

import { isJsonObject, withoutMembers } from "./json_members.ts";

/** Whether it was for one device, or for all others in the room. */
export type RelayType = "direct" | "broadcast";

/** What is written into a text. */
export interface Stamp {
  readonly fromDeviceId: string;
  readonly messageType: RelayType;
}

const KEYS = ["from_device_id", "message_type"];

/** The text with its stamp; what is no object has no keys, and stays. */
export function stamped(json: string, stamp: Stamp): string {
  if (!isJsonObject(json)) return json;
  const text = mayHaveKeys(json) ? withoutMembers(json, KEYS) : json;
  const end = text.lastIndexOf("}");
  const isEmpty = text.slice(text.indexOf("{") + 1, end).trimStart() === "";
  const from = JSON.stringify(stamp.fromDeviceId);
  const keys = `"from_device_id":${from},"message_type":"${stamp.messageType}"`;
  return `${text.slice(0, end)}${isEmpty ? "" : ","}${keys}${text.slice(end)}`;
}

/** Whether a key may be one of the stamp's: an escape can spell any. */
function mayHaveKeys(json: string): boolean {
  return json.includes("\\u") || KEYS.some((key) => json.includes(key));
}
