/**
 * What a token says about its bearer.
 *
 * @module
 */

import { z } from "zod";
import { EPOCH_SECS_MAX } from "../wire/limits.ts";
import { maybe } from "../wire/maybe.ts";
import { boundedText } from "../wire/text.ts";

/** A bearer whose token was verified. */
export interface TokenIdentity {
  readonly userId: string;
  /** The claim `name`; absent leaves the choice to the connection. */
  readonly nickname?: string;
  /** The rooms that it opens; `null` is any. */
  readonly rooms: ReadonlySet<string> | null;
  /** Whether it is an admin of every room, or of which. */
  readonly admin: boolean | ReadonlySet<string>;
  /** Epoch ms, from which on it is refused; `null` is never. */
  readonly expiresAt: number | null;
}

/** Bounds on the claims. */
export interface ClaimLimits {
  readonly userIdCharsMax: number;
  readonly nicknameCharsMax: number;
}

/** Most rooms that one token names, in `rooms` and in `admin` each. */
export const TOKEN_ROOMS_MAX = 1000;
/** Most characters of a room's id in a token. */
export const ROOM_ID_CHARS_MAX = 128;

/** Rooms by id, as a claim or a request lists them. */
export const roomIds = z.array(boundedText(ROOM_ID_CHARS_MAX)).max(
  TOKEN_ROOMS_MAX,
);

/** A schema from a token's claims to an identity. Other claims are ignored. */
export function claimsSchema(
  limits: ClaimLimits,
): z.ZodType<TokenIdentity, unknown> {
  return z.object({
    sub: boundedText(limits.userIdCharsMax),
    name: maybe(boundedText(limits.nicknameCharsMax)),
    rooms: maybe(roomIds),
    admin: maybe(z.union([z.boolean(), roomIds])),
    exp: maybe(z.number().positive().max(EPOCH_SECS_MAX)),
  }).transform((claims): TokenIdentity => ({
    userId: claims.sub,
    ...(claims.name === undefined ? {} : { nickname: claims.name }),
    rooms: claims.rooms === undefined ? null : new Set(claims.rooms),
    admin: Array.isArray(claims.admin)
      ? new Set(claims.admin)
      : claims.admin ?? false,
    expiresAt: claims.exp === undefined ? null : Math.floor(claims.exp * 1000),
  }));
}
