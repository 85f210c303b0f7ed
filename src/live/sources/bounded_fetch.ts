/**
 * HTTP with a bound on the time and on the answer.
 *
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import type { SourceEnd } from "../source.ts";

/** Most characters of what a pattern finds. */
const FOUND_CHARS_MAX = 256;

/** What an exchange needs. */
export interface FetchPorts {
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, "after">;
}

/** What is asked. */
export interface Ask {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the connection to the last byte, in ms. */
  readonly msMax: number;
  /** A longer answer is a fault. */
  readonly bytesMax: number;
  /**
   * What of the answer is of interest; a pattern is its first match, of at
   * most 256 characters, and what follows it is not read.
   */
  readonly read: "all" | "nothing" | RegExp;
  /** The caller's own reason to end it. */
  readonly signal: AbortSignal;
}

/** An answer, whatever its status. Redirects are not followed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What was to be read of it. */
  readonly text: string;
}

/** Asks; never rejects. */
export async function boundedFetch(
  { url, msMax, bytesMax, read, signal, ...ask }: Ask,
  { fetch, clock }: FetchPorts,
): Promise<Answer | SourceEnd> {
  if (signal.aborted) return { fault: "closed" };
  const cut = new AbortController();
  const stop = () => cut.abort();
  let isLate = false;
  signal.addEventListener("abort", stop);
  using _timer = clock.after(msMax, () => {
    isLate = true;
    stop();
  });
  try {
    const init = { ...ask, redirect: "manual", signal: cut.signal } as const;
    const answer = await fetch(url, init);
    const { status, headers } = answer;
    const text = await readText(answer, bytesMax, read);
    if (text !== null) return { status, headers, text };
    return { fault: "status_unknown", detail: "The answer is too large" };
  } catch (error) {
    if (isLate) return { fault: "connect_timeout" };
    return signal.aborted ? { fault: "closed" } : faultOf(error);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Whether it is an answer and no fault. */
export function isAnswer(answer: Answer | SourceEnd): answer is Answer {
  return "status" in answer;
}

/** The value of some JSON; `undefined` when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads as far as it has to; `null` when that is beyond the bound. */
async function readText(
  { body }: Awaited<ReturnType<typeof fetch>>,
  bytesMax: number,
  read: Ask["read"],
): Promise<string | null> {
  if (body === null) return "";
  const reader = body.getReader();
  try {
    if (read === "nothing") return "";
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return read === "all" ? text + decoder.decode() : "";
      size += value.length;
      if (size > bytesMax) return null;
      text += decoder.decode(value, { stream: true });
      if (read === "all") continue;
      const [found] = read.exec(text) ?? [];
      if (found !== undefined) return found;
      text = text.slice(-FOUND_CHARS_MAX);
    }
  } finally {
    // What the connection says of being let go is of no interest.
    await reader.cancel().catch(() => {});
  }
}

/** The runtime's text has the URL in it, which may hold a secret. */
function faultOf(error: unknown): SourceEnd {
  const cause = error instanceof Error && error.cause instanceof Error
    ? error.cause.message
    : "";
  const text = `${error instanceof Error ? error.message : ""} ${cause}`;
  if (/certificate|\btls\b|InvalidContentType/i.test(text)) {
    return { fault: "tls_failed" };
  }
  return { fault: "connect_failed" };
}
