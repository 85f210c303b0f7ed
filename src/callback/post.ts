/**
 * One attempt to deliver: a POST, and what came of it.
 *
 * The runtime keeps connections and uses them again. When one turns out to be
 * closed it sends the request once more on a new one, so a single attempt may
 * reach a receiver twice, with the same `webhook-id`. User and password of a
 * URL go into the `Authorization` header.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { isHostListed } from "../base/host_list.ts";
import { readRetryAfter } from "./retry_after.ts";
import type { Sign } from "./signer.ts";
import { transportError } from "./transport_error.ts";

/** What is sent. */
export interface Parcel {
  readonly url: string;
  /** The `webhook-id`. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/** What came of it. */
export interface PostResult {
  /** Whether the answer was a 2xx, and read in time. */
  readonly ok: boolean;
  /** The HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** What went wrong, for an operator; empty when all went well. */
  readonly error: string;
  /** What `Retry-After` asks for, in ms from now; `null` without one. */
  readonly retryAfterMs: number | null;
  /** What was read of the answer's body, at most 64 KiB of it. */
  readonly text: string;
}

/** Sends a parcel; never rejects. Aborting `signal` cuts the exchange. */
export type Post = (
  parcel: Parcel,
  signal: AbortSignal,
) => Promise<PostResult>;

/** What posting needs. */
export interface PostOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly sign: Sign;
  /** How long the exchange may take, from the connection to the last byte. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** Hosts that may be asked (`isHostListed`). */
  readonly allowedHosts: readonly string[];
}

/** How much of an answer's body is read. */
export const ANSWER_BYTES_MAX = 65_536;

/** Statuses that ask to go elsewhere. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What is said of an exchange that the caller cut. */
const STOPPED = "Stopped";

/** Posts over HTTP. */
export function newPost(options: PostOptions): Post {
  return async (parcel, signal) => {
    if (signal.aborted) return unanswered(STOPPED);
    if (!isHostListed(parcel.url, options.allowedHosts)) {
      return unanswered("This host is not allowed");
    }
    using limit = new Limit(options, signal);
    return await exchange(parcel, limit, options);
  };
}

async function exchange(
  { url, id, body }: Parcel,
  limit: Limit,
  { fetch, clock, sign, userAgent }: PostOptions,
): Promise<PostResult> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": userAgent,
        ...sign(id, clock.now(), body),
      },
      body,
      redirect: "manual",
      signal: limit.signal,
    });
  } catch (error) {
    return unanswered(limit.reason ?? transportError(error));
  }
  const { status, headers } = response;
  const { text, isBroken } = await readBody(response);
  const error = (isBroken && limit.reason === STOPPED)
    ? STOPPED
    : statusFault(status) ??
      (isBroken ? limit.reason ?? "The answer broke off" : "");
  const ok = error === "";
  const retryAfterMs = ok
    ? null
    : readRetryAfter(headers.get("retry-after"), clock.now());
  return { ok, status, error, retryAfterMs, text };
}

function unanswered(error: string): PostResult {
  return { ok: false, status: null, error, retryAfterMs: null, text: "" };
}

function statusFault(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  return REDIRECTS.includes(status)
    ? `Answered with a redirect (${status}), which is not followed`
    : `HTTP ${status}`;
}

/** Reads up to the bound and lets the rest go, which breaks nothing. */
async function readBody(
  { body }: Response,
): Promise<{ readonly text: string; readonly isBroken: boolean }> {
  if (body === null) return { text: "", isBroken: false };
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  let bytesLeft = ANSWER_BYTES_MAX;
  try {
    while (bytesLeft > 0) {
      const { done, value } = await reader.read();
      if (done) return { text: text + decoder.decode(), isBroken: false };
      const part = value.subarray(0, bytesLeft);
      text += decoder.decode(part, { stream: true });
      bytesLeft -= part.length;
    }
  } catch {
    return { text, isBroken: true };
  }
  // What the connection says of being let go is of no interest.
  await reader.cancel().catch(() => {});
  return { text, isBroken: false };
}

/** Cuts an exchange when its time is over or its caller stops. */
class Limit implements Disposable {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #timer: Disposable;
  readonly #stop = () => this.#cut(STOPPED);
  #reason: string | undefined;

  constructor({ clock, timeoutMs }: PostOptions, caller: AbortSignal) {
    this.#caller = caller;
    caller.addEventListener("abort", this.#stop);
    this.#timer = clock.after(
      timeoutMs,
      () => this.#cut(`Timed out after ${timeoutMs / 1000} s`),
    );
  }

  /** Aborts the exchange. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it was cut; `undefined` while it was not. */
  get reason(): string | undefined {
    return this.#reason;
  }

  #cut(reason: string): void {
    this.#reason ??= reason;
    this.#controller.abort();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#caller.removeEventListener("abort", this.#stop);
  }
}
