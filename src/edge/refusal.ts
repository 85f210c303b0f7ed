/**
 * What a caller is told when something is refused.
 *
 * @module
 */

import { STORAGE_RETRY_MS } from "../room/room_state.ts";
import { ChatError, errorRow } from "../wire/errors.ts";

/**
 * The refusal behind a failure; `undefined` is a bug of ours. The database's
 * refusals are passing, and its own words are not for a client.
 */
export function knownRefusal(failure: unknown): ChatError | undefined {
  if (failure instanceof ChatError) return failure;
  const isStore = failure instanceof Error && failure.name === "StoreError";
  return isStore
    ? new ChatError("storage_unavailable", { retryAfterMs: STORAGE_RETRY_MS })
    : undefined;
}

/** A refused upgrade (COMPAT 2.2: `{"error": …}`, with the code beside it). */
export function refusalResponse(refusal: ChatError): Response {
  const { code, message, retryAfterMs } = refusal;
  const { status, retryable } = errorRow(code);
  const headers = new Headers();
  if (retryable) {
    const seconds = Math.max(1, Math.ceil((retryAfterMs ?? 1000) / 1000));
    headers.set("retry-after", String(seconds));
  }
  if (status === 426) headers.set("upgrade", "websocket");
  const body = {
    error: message,
    code,
    ...(retryAfterMs === undefined ? {} : { "retry_after_ms": retryAfterMs }),
  };
  return Response.json(body, { status, headers });
}
