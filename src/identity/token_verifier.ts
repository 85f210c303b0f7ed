/**
 * Who a token says its bearer is, or why it is refused.
 *
 * The algorithm decides the key, never the other way round: HS256 only ever
 * meets the secret and the asymmetric ones only ever meet published keys, so a
 * public key cannot be passed off as a secret, and `none` meets nothing.
 *
 * @module
 */

import { errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import type { z } from "zod";
import type { Clock } from "../base/clock.ts";
import { ChatError } from "../wire/errors.ts";
import {
  type ClaimLimits,
  claimsSchema,
  type TokenIdentity,
} from "./token_claims.ts";

/** Most characters of a token: what a request line carries in practice. */
export const TOKEN_CHARS_MAX = 8192;

/** How far ahead of this clock an issuer's `nbf` may be, in s. */
export const SKEW_SECS_MAX = 30;

/** What published keys may sign with. */
const PUBLIC_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** What a verifier works with. */
export interface TokenVerifierOptions {
  /** For HS256; absent refuses it. */
  readonly key?: Uint8Array | undefined;
  /** For the asymmetric algorithms; absent refuses them. */
  readonly remoteKeys?: JWTVerifyGetKey | undefined;
  readonly limits: ClaimLimits;
  readonly clock: Clock;
}

/** Verifies tokens. */
export class TokenVerifier {
  readonly #keyFor: JWTVerifyGetKey;
  readonly #algorithms: string[];
  readonly #claims: z.ZodType<TokenIdentity, unknown>;
  readonly #clock: Clock;

  constructor({ key, remoteKeys, limits, clock }: TokenVerifierOptions) {
    this.#algorithms = [
      ...(key === undefined ? [] : ["HS256"]),
      ...(remoteKeys === undefined ? [] : PUBLIC_ALGORITHMS),
    ];
    this.#keyFor = (header, token) => {
      const source = header.alg === "HS256" ? key : remoteKeys;
      if (source === undefined) throw new ChatError("token_invalid");
      return typeof source === "function" ? source(header, token) : source;
    };
    this.#claims = claimsSchema(limits);
    this.#clock = clock;
  }

  /**
   * The bearer of a token. Its expiry is exact; only `nbf` is given
   * {@linkcode SKEW_SECS_MAX}.
   *
   * @throws {ChatError} `token_invalid`, `token_expired`, or
   * `identity_unavailable` when the issuer's keys cannot be fetched.
   */
  async verify(token: string): Promise<TokenIdentity> {
    if (token.length > TOKEN_CHARS_MAX) throw new ChatError("token_invalid");
    const identity = this.#identity(await this.#payload(token));
    const { expiresAt } = identity;
    const isExpired = expiresAt !== null && expiresAt <= this.#clock.now();
    if (isExpired) throw new ChatError("token_expired");
    return identity;
  }

  async #payload(token: string): Promise<unknown> {
    try {
      const { payload } = await jwtVerify(token, this.#keyFor, {
        algorithms: this.#algorithms,
        clockTolerance: SKEW_SECS_MAX,
        currentDate: new Date(this.#clock.now()),
      });
      return payload;
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) {
        throw new ChatError("token_expired");
      }
      if (cause instanceof errors.JOSEError) {
        throw new ChatError("token_invalid");
      }
      throw cause;
    }
  }

  #identity(payload: unknown): TokenIdentity {
    const claims = this.#claims.safeParse(payload);
    if (claims.success) return claims.data;
    const claim = String(claims.error.issues[0]?.path[0] ?? "claims");
    throw new ChatError("token_invalid", {
      message: `Invalid token: cannot read its ${claim}`,
    });
  }
}
