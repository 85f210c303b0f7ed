/**
 * What the failure of a request means to one who will ask again.
 *
 * @module
 */

import { RefusalError } from "./api_client.ts";
import type { CliError } from "./cli_error.ts";
import { UnreachableError } from "./http_transport.ts";

/** Whether Parlor itself says so; what stands before it may answer 404 too. */
export function isGone(thrown: unknown): boolean {
  return thrown instanceof RefusalError && thrown.status === 404 &&
    thrown.code !== undefined;
}

/** Whether the same request may succeed later. */
export function mayPass(thrown: unknown): thrown is CliError {
  if (thrown instanceof UnreachableError) return true;
  if (!(thrown instanceof RefusalError)) return false;
  const { status, code } = thrown;
  return status >= 500 || status === 429 ||
    (status === 404 && code === undefined);
}
