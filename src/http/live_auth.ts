/**
 * Who may start and stop live rooms: whoever has the operator's key, or a
 * token that makes its bearer an admin of every room.
 *
 * Where the operator opens that to anybody, a browser has nothing to prove. So
 * it may only be sent by a page of this server: any other that a user happens
 * to visit could make it do the same.
 *
 * @module
 */

import type { Context, MiddlewareHandler } from "@hono/hono";
import type { ApiKey } from "../identity/api_key.ts";
import { ChatError, errorRow } from "../wire/errors.ts";
import { BAD_CREDENTIAL_TEXT, NO_CREDENTIAL_TEXT } from "./live_texts.ts";
import { requireSameSite } from "./tools/session_gate.ts";
import type { GateDeps, TokenReader } from "./tools/tools_deps.ts";

/** What it goes by. */
export interface LiveAuthDeps {
  readonly apiKey: Pick<ApiKey, "matches">;
  readonly tools: Pick<GateDeps, "allowedOrigins" | "tokens">;
  readonly live: {
    /** Whether anybody may start and stop live rooms. */
    readonly isPublic: boolean;
  };
}

/**
 * Lets a request through that may start and stop live rooms.
 *
 * The refusals are `unauthorized`, those of a token that does not count, and
 * `not_admin`; where anybody may, `cross_site_refused`.
 */
export function requireLiveOperator(deps: LiveAuthDeps): MiddlewareHandler {
  if (deps.live.isPublic) return requireSameSite(deps.tools);
  return async (c, next) => {
    await requireOperator(c, deps);
    await next();
  };
}

async function requireOperator(
  c: Context,
  { apiKey, tools }: LiveAuthDeps,
): Promise<void> {
  const key = c.req.header("X-Api-Key");
  const bearer = bearerOf(c);
  if (apiKey.matches(key) || apiKey.matches(bearer)) return;
  if (bearer === undefined) {
    const message = key === undefined
      ? NO_CREDENTIAL_TEXT
      : BAD_CREDENTIAL_TEXT;
    throw new ChatError("unauthorized", { message });
  }
  await requireAdminToken(bearer, tools.tokens);
}

async function requireAdminToken(
  token: string,
  tokens: TokenReader,
): Promise<void> {
  const { admin } = await tokens.verify(token).catch((cause) => {
    throw inReferenceWords(cause);
  });
  // An admin of some rooms is none of live rooms, which are everybody's.
  if (admin === true) return;
  const message = "Only the operator or an admin may do that";
  throw new ChatError("not_admin", { message });
}

/** A token that does not count is told of alike, whatever is wrong with it. */
function inReferenceWords(cause: unknown): unknown {
  const isRefused = cause instanceof ChatError &&
    errorRow(cause.code).status === 401;
  if (!isRefused) return cause;
  return new ChatError(cause.code, { message: BAD_CREDENTIAL_TEXT });
}

function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("Authorization") ?? "")?.[1];
}
