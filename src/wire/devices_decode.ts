/**
 * What a device may send once it is in a room (COMPAT 3.3 and 3.5).
 *
 * Any JSON is passed on as it is, so only `query_room` and the fields that say
 * where a message goes mean something here. What has none of them needs no
 * schema, and most has none.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import { z } from "zod";
import type { RelayCommand } from "./command.ts";
import { deviceText, numberAsText } from "./device_text.ts";
import type { Decoded } from "./dialect.ts";
import { fieldRefusal } from "./field_refusal.ts";
import { isAbsent } from "./given.ts";
import { asJsonObject } from "./json_object.ts";
import { CLIENT_MSG_ID_CHARS_MAX } from "./limits.ts";
import { isTrueInPython } from "./python_truth.ts";
import { boundedText } from "./text.ts";

/** What a device's fields mean. */
export interface DevicesDecoding {
  /** Whether `client_msg_id` names a message and asks for its receipt. */
  readonly hasAcks: boolean;
}

type Fields = Record<string, unknown>;

const BAD_JSON: Decoded = {
  ok: false,
  code: "bad_json",
  message: "Invalid JSON format",
};

const QUERY_ROOM: Decoded = { ok: true, command: { type: "query_room" } };

const ADDRESS = z.object({
  target_device_id: deviceText().optional(),
  client_msg_id: boundedText(CLIENT_MSG_ID_CHARS_MAX).optional(),
});

/** Builds the decoder of text frames. The decoder never throws. */
export function devicesDecoder(
  { hasAcks }: DevicesDecoding,
): (text: string) => Decoded {
  return (text) => {
    const value = parsed(text);
    if (value === undefined) return BAD_JSON;
    const fields = asJsonObject(value);
    if (fields === undefined) return relay({ type: "relay", body: text });
    if (fields["type"] === "query_room") return QUERY_ROOM;
    return decodeObject(text, fields, hasAcks);
  };
}

/** Understands a binary frame: it is for all others. */
export function decodeDeviceBytes(bytes: Uint8Array<ArrayBuffer>): Decoded {
  return relay({ type: "relay", body: bytes });
}

function decodeObject(
  text: string,
  fields: Fields,
  hasAcks: boolean,
): Decoded {
  const hasTarget = isTrueInPython(fields["target_device_id"]);
  const hasId = hasAcks && !isAbsent(fields["client_msg_id"]);
  if (!hasTarget && !hasId) return relay({ type: "relay", body: text });
  const target = hasTarget
    ? numberAsText(fields, "target_device_id", text)
    : undefined;
  const address = {
    target_device_id: target,
    ...(hasId ? { client_msg_id: fields["client_msg_id"] } : null),
  };
  const { success, data, error } = ADDRESS.safeParse(address);
  if (!success) return fieldRefusal(error, address);
  const { target_device_id: targetId, client_msg_id: clientMsgId } = data;
  return relay({
    type: "relay",
    body: text,
    ...(targetId === undefined ? null : { targetId }),
    ...(clientMsgId === undefined ? null : { clientMsgId }),
  });
}

function relay(command: RelayCommand): Decoded {
  return { ok: true, command };
}

/** The value of a text; `undefined` when it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
