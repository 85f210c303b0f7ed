/**
 * Another issuer's public keys, fetched and kept.
 *
 * A key that is not in the set causes a fetch, so that a rotation needs no
 * restart; pauses between fetches, longer after one that worked, keep forged
 * tokens from turning this server into a load generator. A set that cannot be
 * fetched is an outage, not a bad token: the client may try again.
 *
 * @module
 */

import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from "jose";
import type { Clock } from "../base/clock.ts";
import { ChatError } from "../wire/errors.ts";

/** How keys are fetched. */
export interface RemoteKeysOptions {
  readonly clock: Clock;
  readonly fetch: FetchImplementation;
  /** Least time between two fetches for unknown keys, in ms. @default {30_000} */
  readonly pauseMs?: number;
  /** How long one fetch may take, in ms. @default {5_000} */
  readonly timeoutMs?: number;
}

/** How long a fetched set is used before it is fetched anew, in ms. */
const CACHE_AGE_MS_MAX = 600_000;
/** How long after a failed fetch none is made, in ms. */
const FAILED_PAUSE_MS = 1000;

/**
 * The keys behind a URL.
 *
 * @returns a lookup that rejects with `identity_unavailable` when the set
 * cannot be had, and with jose's own error when no key of it fits.
 */
export function remoteKeys(
  url: string,
  options: RemoteKeysOptions,
): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: CACHE_AGE_MS_MAX,
    cooldownDuration: options.pauseMs ?? 30_000,
    timeoutDuration: options.timeoutMs ?? 5_000,
    [customFetch]: pausingFetch(options.fetch, options.clock),
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      if (isAboutToken(cause)) throw cause;
      throw new ChatError("identity_unavailable");
    }
  };
}

function isAboutToken(cause: unknown): boolean {
  return cause instanceof errors.JWKSNoMatchingKey ||
    cause instanceof errors.JWKSMultipleMatchingKeys ||
    cause instanceof errors.JOSENotSupported;
}

/** Fetches, but not right after a failure. */
function pausingFetch(
  fetchKeys: FetchImplementation,
  clock: Clock,
): FetchImplementation {
  let failedAt = -Infinity;
  return async (url, init) => {
    if (clock.monotonic() - failedAt < FAILED_PAUSE_MS) {
      throw new Error("Cannot fetch keys: the last attempt has just failed");
    }
    try {
      const response = await fetchKeys(url, init);
      if (response.status === 200) return response;
      await response.body?.cancel();
      throw new Error(`Cannot fetch keys: got status ${response.status}`);
    } catch (cause) {
      failedAt = clock.monotonic();
      throw cause;
    }
  };
}
