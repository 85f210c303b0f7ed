/**
 * The API of heart links, as pages read it.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

/** How long a request waits, in ms. */
export const PENDING_MS = 600_000;

/** The answer of `create` and of `number-match`. */
export interface CreateAnswer {
  success: boolean;
  matched?: boolean;
  reconnect?: boolean;
  room_id?: string;
  matched_user?: string;
  matched_user_name?: string;
}

/** The answer of `status`. */
export interface StatusAnswer {
  status: string;
  room_id?: string;
  matched_user?: string;
  matched_user_name?: string;
  expires_in_ms?: number;
}

/** Where the page of a room is. */
export function chatPath(roomId: string): string {
  return `/tools/chat/enhanced/${encodeURIComponent(roomId)}/`;
}

/** When a request ends, epoch ms, of what the server says is left of it. */
export function endOf(
  { expires_in_ms }: Pick<StatusAnswer, "expires_in_ms">,
  now: number,
): number {
  return now + (expires_in_ms ?? PENDING_MS);
}
