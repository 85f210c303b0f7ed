/**
 * The API over the network.
 *
 * Redirects are not followed: a POST would become a GET, and the key would go
 * to whatever host the answer names.
 *
 * @module
 */

import type { Clock } from "../src/base/clock.ts";
import { CliError, messageOf } from "./cli_error.ts";
import type { Transport } from "./transport.ts";

/** How long the server may take to begin most answers, in ms. */
export const ANSWER_MS_MAX = 30_000;

/** The part of the platform's `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** No answer came from the server, or not all of it. */
export class UnreachableError extends CliError {
  override readonly name = "UnreachableError";
  /** Whether nothing listens there, so that the request had no effect. */
  readonly isRefused: boolean;

  constructor(message: string, isRefused: boolean) {
    super(message);
    this.isRefused = isRefused;
  }
}

/** What {@linkcode HttpTransport} is made of. */
export interface HttpTransportOptions {
  /** Without a trailing slash. */
  readonly url: string;
  /** Sent as `X-Api-Key`; `undefined` sends none. */
  readonly apiKey: string | undefined;
  /** How long the server may take to begin its answer. */
  readonly answerMsMax: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** Sends requests to one server. */
export class HttpTransport implements Transport {
  readonly #options: HttpTransportOptions;

  constructor(options: HttpTransportOptions) {
    this.#options = options;
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Response> {
    const { url, apiKey, answerMsMax, fetch, clock } = this.#options;
    const headers = headersOf(apiKey, body !== undefined);
    const aborter = new AbortController();
    using _deadline = clock.after(answerMsMax, () => aborter.abort());
    try {
      return await fetch(url + path, {
        method,
        headers,
        redirect: "manual",
        signal: aborter.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (thrown) {
      const reason = aborter.signal.aborted
        ? `no answer within ${answerMsMax / 1000} s`
        : reasonOf(thrown);
      throw unreachable(url, reason);
    }
  }
}

function headersOf(apiKey: string | undefined, hasBody: boolean): Headers {
  const headers = new Headers();
  if (hasBody) headers.set("Content-Type", "application/json");
  if (apiKey === undefined) return headers;
  try {
    headers.set("X-Api-Key", apiKey);
  } catch {
    throw new CliError(
      "Cannot send ADMIN_API_KEY: a header holds Latin letters only",
    );
  }
  return headers;
}

function unreachable(url: string, reason: string): UnreachableError {
  const isRefused = /connection refused/i.test(reason);
  const message = isRefused
    ? `Cannot reach ${url}: nothing listens there; ` +
      "start the server (deno task start, or parlor serve), " +
      "or give its address with --url"
    : `Cannot reach ${url}: ${reason}`;
  return new UnreachableError(message, isRefused);
}

/** The innermost reason: the outer ones only say that a fetch failed. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (cause instanceof Error) return reasonOf(cause);
  const [reason = "", detail] = messageOf(thrown).split(
    /: client error \(\w+\): /,
  );
  return detail ?? reason;
}
