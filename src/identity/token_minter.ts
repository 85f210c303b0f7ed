/**
 * Makes tokens for users, on the operator's word.
 *
 * @module
 */

import { SignJWT } from "jose";
import type { Clock } from "../base/clock.ts";
import { ChatError } from "../wire/errors.ts";
import { TOKEN_CHARS_MAX } from "./token_verifier.ts";

/** The longest life of a token made here, in s: a year. */
export const TOKEN_SECS_MAX = 31_536_000;
/** The life of a token when nobody names one, in s: a day. */
export const TOKEN_SECS_DEFAULT = 86_400;

/** What a token shall say; bounds are the caller's to check. */
export interface TokenRequest {
  readonly userId: string;
  readonly name?: string;
  /** The only rooms that it opens; absent is any. */
  readonly rooms?: readonly string[];
  /** Admin of every room, or of these. */
  readonly admin?: boolean | readonly string[];
  readonly expiresInSecs: number;
}

/** A token and when it ends. */
export interface MintedToken {
  readonly token: string;
  /** Epoch ms, a whole second. */
  readonly expiresAt: number;
}

/** Makes tokens with one HS256 key. */
export class TokenMinter {
  readonly #key: Uint8Array | undefined;
  readonly #clock: Clock;

  /** @param key absent when another issuer makes the tokens. */
  constructor(key: Uint8Array | undefined, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /**
   * Makes one token.
   *
   * @throws {ChatError} `bad_request` when another issuer makes the tokens, or
   * when it names so many rooms that no request line could carry it.
   */
  async mint(request: TokenRequest): Promise<MintedToken> {
    if (this.#key === undefined) {
      throw new ChatError("bad_request", {
        message:
          "Cannot mint a token: AUTH_JWKS_URL is set and AUTH_SECRET is not, so another issuer makes them",
      });
    }
    const issuedSecs = Math.floor(this.#clock.now() / 1000);
    const expiresSecs = issuedSecs + request.expiresInSecs;
    const token = await new SignJWT(claimsOf(request))
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(request.userId)
      .setIssuedAt(issuedSecs)
      .setExpirationTime(expiresSecs)
      .sign(this.#key);
    if (token.length > TOKEN_CHARS_MAX) {
      throw new ChatError("bad_request", {
        message:
          `Cannot mint a token: it would have ${token.length} characters, want at most ${TOKEN_CHARS_MAX}`,
      });
    }
    return { token, expiresAt: expiresSecs * 1000 };
  }
}

function claimsOf({ name, rooms, admin }: TokenRequest) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(rooms === undefined ? {} : { rooms: [...rooms] }),
    ...(admin === undefined
      ? {}
      : { admin: typeof admin === "boolean" ? admin : [...admin] }),
  };
}
