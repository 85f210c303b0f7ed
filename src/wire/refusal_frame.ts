/**
 * What was refused, as one flat frame: for dialects that speak to people.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { ErrorCode } from "./errors.ts";
import type { Refusal, YouAreMuted } from "./event.ts";
import { refusalText } from "./refusal_text.ts";

/** Its fields; what is `undefined` is not sent. */
export interface RefusalFrame {
  readonly type: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry_after_ms: number | undefined;
  readonly client_msg_id: string | undefined;
  readonly [beside: string]: unknown;
}

/** Something was refused. */
export function refusalFrame(refusal: Refusal): RefusalFrame {
  return {
    type: "error",
    code: refusal.code,
    message: refusalText(refusal),
    retry_after_ms: refusal.retryAfterMs,
    client_msg_id: refusal.clientMsgId,
  };
}

/** A message was refused because its sender is muted, and until when. */
export function mutedFrame(
  { until, clientMsgId }: YouAreMuted,
): RefusalFrame {
  const named = clientMsgId === undefined ? {} : { clientMsgId };
  return {
    ...refusalFrame({ type: "error", code: "user_muted", ...named }),
    until,
  };
}
