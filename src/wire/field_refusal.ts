/**
 * What a sender is told of the first wrong field of a frame.
 *
 * @module
 */

import type { z } from "zod";
import { CLIENT_MSG_ID_CHARS_MAX } from "./limits.ts";
import { isAtMost } from "./text.ts";

/** A frame whose type is known and whose fields are not right. */
export interface FieldRefusal {
  readonly ok: false;
  readonly code: "bad_request";
  /** Names the field. */
  readonly message: string;
  /** The sender's own id for it, when it gave one that is not too long. */
  readonly clientMsgId?: string;
}

/**
 * Names the first wrong field; the sender's own id for the frame goes back too.
 *
 * @param under the field that holds the others, when the dialect has one.
 */
export function fieldRefusal(
  error: z.ZodError,
  fields: unknown,
  under?: string,
): FieldRefusal {
  const issue = error.issues[0];
  const path = [...(under === undefined ? [] : [under]), ...issue?.path ?? []];
  const field = path.length === 0 ? "frame" : path.join(".");
  const message = `Invalid ${field}: ${issue?.message ?? "unreadable"}`;
  const clientMsgId = idOf(fields);
  const named = clientMsgId === undefined ? {} : { clientMsgId };
  return { ok: false, code: "bad_request", message, ...named };
}

function idOf(fields: unknown): string | undefined {
  const isObject = typeof fields === "object" && fields !== null;
  if (!isObject || !("client_msg_id" in fields)) return undefined;
  const id = fields.client_msg_id;
  const isFit = typeof id === "string" && isAtMost(id, CLIENT_MSG_ID_CHARS_MAX);
  return isFit ? id : undefined;
}
