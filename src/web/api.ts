/**
 * Calls of the JSON API from a page.
 *
 * @module
 */
/// <reference lib="dom" />

import { refusalText } from "./refusal.ts";
import { words } from "./words.ts";

/** What came of a call. */
export interface ApiAnswer<Body> {
  readonly isOk: boolean;
  /** HTTP's; 0 when the server was not reached. */
  readonly status: number;
  /** Empty unless it is a JSON object. */
  readonly body: Partial<Body>;
  /** Why not, in words; empty when it worked. */
  readonly reason: string;
}

/** Reads. */
export function get<Body>(path: string): Promise<ApiAnswer<Body>> {
  return call(path, { method: "GET" });
}

/**
 * Changes something.
 *
 * @param headers what vouches for the caller in place of a login.
 */
export function post<Body>(
  path: string,
  body: unknown = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiAnswer<Body>> {
  return call(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
}

async function call<Body>(
  path: string,
  init: RequestInit,
): Promise<ApiAnswer<Body>> {
  try {
    const response = await fetch(path, init);
    return answerOf(response.status, await response.text());
  } catch {
    return { isOk: false, status: 0, body: {}, reason: words.offlineReason };
  }
}

/**
 * Reads an answer's text. Who is not logged in any more is sent to do so; a
 * wrong key of an operator is no login.
 */
export function answerOf<Body>(status: number, text: string): ApiAnswer<Body> {
  const isOk = status >= 200 && status < 300;
  const body = jsonObject(text);
  if (status === 401 && body["code"] !== "unauthorized") goToLogin();
  const said = body["error"] ?? body["message"];
  const told = typeof said === "string" ? said : `${status}`;
  const reason = isOk ? "" : refusalText(body["code"], told);
  return { isOk, status, body: body as Partial<Body>, reason };
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : {};
  } catch {
    return {};
  }
}

/** Leaves for the login, to come back afterwards. */
export function goToLogin(): void {
  const here = location.pathname + location.search;
  location.assign(`/login?next=${encodeURIComponent(here)}`);
}

/** Where the API of a room is. */
export function roomPath(roomId: string, rest: string): string {
  return `/tools/api/chat/${encodeURIComponent(roomId)}/${rest}`;
}
