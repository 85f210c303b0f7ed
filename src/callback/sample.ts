/**
 * A signed sample, for an operator who wants to know whether a URL works.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { isHostListed } from "../base/host_list.ts";
import type { Ids } from "../base/ids.ts";
import { ChatError } from "../wire/errors.ts";
import type { Post } from "./post.ts";

/** What came of a sample. */
export interface SampleResult {
  /** Whether an event would count as delivered. */
  readonly ok: boolean;
  /** The HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** What went wrong; empty when all went well. */
  readonly error: string;
  /** How long it took. */
  readonly milliseconds: number;
  /** What was read of the answer's body. */
  readonly response: string;
}

/**
 * Sends one sample; it is not tried again.
 *
 * @throws {ChatError} `host_refused` when the host may not be asked.
 */
export type SendSample = (
  url: string,
  signal: AbortSignal,
) => Promise<SampleResult>;

/** What samples need. */
export interface SampleOptions {
  readonly post: Post;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Hosts that may be asked (`isHostListed`). */
  readonly allowedHosts: readonly string[];
}

/** Sends samples as events are sent. */
export function newSendSample(options: SampleOptions): SendSample {
  const { post, clock, ids, allowedHosts } = options;
  return async (url, signal) => {
    if (!isHostListed(url, allowedHosts)) throw new ChatError("host_refused");
    const parcel = {
      url,
      id: `test_${ids.uuid()}`,
      body: JSON.stringify({
        event_type: "Test",
        room_id: "test",
        message: "A sample from Parlor: nothing happened",
        timestamp: Math.floor(clock.now() / 1000),
      }),
    };
    const startedAt = clock.monotonic();
    const { ok, status, error, text } = await post(parcel, signal);
    const milliseconds = Math.round(clock.monotonic() - startedAt);
    return { ok, status, error, milliseconds, response: text };
  };
}
