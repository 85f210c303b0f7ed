/**
 * Tokens for users, made on the operator's word.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import { roomIds } from "../identity/token_claims.ts";
import {
  TOKEN_SECS_DEFAULT,
  TOKEN_SECS_MAX,
  type TokenRequest,
} from "../identity/token_minter.ts";
import { DEVICE_CHARS_MAX } from "../wire/limits.ts";
import { maybe } from "../wire/maybe.ts";
import { boundedText } from "../wire/text.ts";
import type { HttpDeps } from "./http_deps.ts";
import type { HttpLimits } from "./ports.ts";
import { readBody } from "./request_input.ts";

/** `/management/tokens`. */
export function tokenRoutes(
  { minter, limits }: Pick<HttpDeps, "minter" | "limits">,
): Hono {
  const schema = requestSchema(limits);
  return new Hono().post("/", async (c) => {
    const minted = await minter.mint(await readBody(c, schema));
    c.header("Cache-Control", "no-store");
    return c.json({ token: minted.token, expires_at: minted.expiresAt });
  });
}

function requestSchema(limits: HttpLimits): z.ZodType<TokenRequest, unknown> {
  // A misspelled claim would make a token that says less than it should.
  return z.strictObject({
    // A user's, or a device's.
    user_id: boundedText(Math.max(limits.userIdCharsMax, DEVICE_CHARS_MAX)),
    name: maybe(boundedText(limits.nicknameCharsMax)),
    rooms: maybe(roomIds),
    admin: maybe(z.union([z.boolean(), roomIds])),
    expires_in_secs: z.int().min(1).max(TOKEN_SECS_MAX)
      .default(TOKEN_SECS_DEFAULT),
  }).transform((body): TokenRequest => ({
    userId: body.user_id,
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.rooms === undefined ? {} : { rooms: body.rooms }),
    ...(body.admin === undefined ? {} : { admin: body.admin }),
    expiresInSecs: body.expires_in_secs,
  }));
}
