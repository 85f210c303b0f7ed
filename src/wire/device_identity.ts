/**
 * The first frame of a device: whom it says it is (COMPAT 3.1).
 *
 * The reference server checks in this order, and with these texts.
 *
 * @module
 */

import { z } from "zod";
import type { DeviceIdentity } from "./device.ts";
import { deviceText, numberAsText } from "./device_text.ts";
import { type ErrorCode, errorRow } from "./errors.ts";
import { parseJsonObject } from "./json_object.ts";
import { isTrueInPython } from "./python_truth.ts";

/** Whom a frame names, or why it names nobody. */
export type ReadIdentity =
  | { readonly ok: true; readonly identity: DeviceIdentity }
  | {
    readonly ok: false;
    readonly code: Extract<
      ErrorCode,
      "identity_invalid" | "identity_missing" | "device_id_missing"
    >;
    readonly message: string;
  };

type Fields = Readonly<Record<string, unknown>>;

const UTF8 = new TextDecoder("utf-8", { fatal: true });

const SCHEMA = z.object({
  identity: deviceText(),
  device_id: deviceText(),
  // Any text is taken: an id that no room has is answered by that.
  room_id: z.string({ error: "want text or a number" }).optional(),
});

/** Reads a text frame. Never throws, whatever the text. */
export function readIdentity(text: string): ReadIdentity {
  const fields = parseJsonObject(text);
  if (fields === undefined) return refused("identity_invalid");
  if (!isTrueInPython(fields["identity"])) return refused("identity_missing");
  if (!isTrueInPython(fields["device_id"])) return refused("device_id_missing");
  const parsed = SCHEMA.safeParse({
    identity: numberAsText(fields, "identity", text),
    device_id: numberAsText(fields, "device_id", text),
    room_id: roomIdOf(fields, text),
  });
  if (!parsed.success) return invalidField(parsed.error);
  const { identity, device_id: deviceId, room_id: roomId } = parsed.data;
  const { token } = fields;
  return {
    ok: true,
    identity: {
      deviceId,
      identity,
      ...(roomId === undefined ? null : { roomId: roomId.toWellFormed() }),
      // The reference server passes over a field that it does not know.
      ...(typeof token === "string" && token !== "" ? { token } : null),
    },
  };
}

/** Reads a binary frame, which must be JSON in UTF-8. Never throws. */
export function readIdentityBytes(
  bytes: Uint8Array<ArrayBuffer>,
): ReadIdentity {
  try {
    return readIdentity(UTF8.decode(bytes));
  } catch {
    return refused("identity_invalid");
  }
}

/** What names a room; `undefined` where that says nothing. */
function roomIdOf(fields: Fields, text: string): unknown {
  if (!isTrueInPython(fields["room_id"])) return undefined;
  return numberAsText(fields, "room_id", text);
}

function refused(
  code: Extract<ReadIdentity, { ok: false }>["code"],
  message = errorRow(code).text,
): ReadIdentity {
  return { ok: false, code, message };
}

function invalidField(error: z.ZodError): ReadIdentity {
  const [issue] = error.issues;
  const about = `${issue?.path.join(".")}: ${issue?.message}`;
  const { text } = errorRow("identity_invalid");
  return refused("identity_invalid", `${text}: ${about}`);
}
