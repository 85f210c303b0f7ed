/**
 * Who a browser's pages belong to, sealed into a cookie.
 *
 * The cookie says all that there is to know, so nothing is stored and a
 * restart logs nobody out while the key stays the same. The key is derived for
 * this use alone: a token is no cookie, and a cookie taken from a page opens
 * nothing that wants a token.
 *
 * @module
 */

import { hkdfSync } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Clock } from "../base/clock.ts";
import { ChatError } from "../wire/errors.ts";
import {
  type ClaimLimits,
  claimsSchema,
  type TokenIdentity,
} from "./token_claims.ts";

/** The cookie's name. */
export const PAGE_COOKIE = "parlor_session";

/** Most characters of a sealed session: what browsers keep, less the rest. */
export const PAGE_COOKIE_CHARS_MAX = 3800;

/** Separates this use of a secret from any other. */
const PURPOSE = "parlor page session v1";
const KEY_BYTES = 32;

/** The user of a page. */
export interface PageSession {
  readonly userId: string;
  readonly nickname: string;
  /** Whether a token vouched for the user id at the login. */
  readonly isProven: boolean;
  /** The rooms that it opens; `null` is any. */
  readonly rooms: ReadonlySet<string> | null;
  /** Whether it is an admin of every room, or of which. */
  readonly admin: boolean | ReadonlySet<string>;
  /** Epoch ms, from which on it counts no more; `null` is never. */
  readonly expiresAt: number | null;
}

/** What the key may be derived from. */
export interface PageKeySources {
  readonly secret?: string | undefined;
  readonly adminApiKey: string;
}

/** The key of the cookies. */
export function pageSessionKey(sources: PageKeySources): Uint8Array {
  const source = sources.secret ?? sources.adminApiKey;
  return new Uint8Array(hkdfSync("sha256", source, "", PURPOSE, KEY_BYTES));
}

/** What page sessions are sealed with. */
export interface PageSessionsOptions {
  readonly key: Uint8Array;
  readonly limits: ClaimLimits;
  readonly clock: Clock;
}

const provenSchema = z.object({ proven: z.boolean() });

/** Seals and opens page sessions. */
export class PageSessions {
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  readonly #claims: z.ZodType<TokenIdentity, unknown>;

  constructor(options: PageSessionsOptions) {
    this.#key = options.key;
    this.#clock = options.clock;
    this.#claims = claimsSchema(options.limits);
  }

  /**
   * The cookie's value. Its end is kept in whole seconds, rounded down.
   *
   * @throws {ChatError} `bad_request` when it names so many rooms that no
   * browser would keep it.
   */
  async seal(session: PageSession): Promise<string> {
    const { admin, expiresAt, isProven, nickname, rooms, userId } = session;
    const jwt = new SignJWT({
      name: nickname,
      proven: isProven,
      ...(rooms === null ? {} : { rooms: [...rooms] }),
      ...(admin === false ? {} : { admin: admin === true || [...admin] }),
    }).setProtectedHeader({ alg: "HS256" }).setSubject(userId);
    if (expiresAt !== null) {
      jwt.setExpirationTime(Math.floor(expiresAt / 1000));
    }
    const value = await jwt.sign(this.#key);
    if (value.length <= PAGE_COOKIE_CHARS_MAX) return value;
    throw new ChatError("bad_request", {
      message:
        `Cannot log in: the session would have ${value.length} characters, want at most ${PAGE_COOKIE_CHARS_MAX}`,
    });
  }

  /** The session of a cookie's value; `undefined` when there is none now. */
  async open(value: string | undefined): Promise<PageSession | undefined> {
    if (value === undefined || value.length > PAGE_COOKIE_CHARS_MAX) return;
    const payload = await this.#payload(value);
    const claims = this.#claims.safeParse(payload);
    const proof = provenSchema.safeParse(payload);
    if (!claims.success || !proof.success) return;
    const { expiresAt, nickname, ...identity } = claims.data;
    const isExpired = expiresAt !== null && expiresAt <= this.#clock.now();
    if (isExpired) return;
    return {
      ...identity,
      nickname: nickname ?? identity.userId,
      isProven: proof.data.proven,
      expiresAt,
    };
  }

  async #payload(value: string): Promise<unknown> {
    try {
      const { payload } = await jwtVerify(value, this.#key, {
        algorithms: ["HS256"],
        currentDate: new Date(this.#clock.now()),
      });
      return payload;
    } catch (cause) {
      if (cause instanceof errors.JOSEError) return undefined;
      throw cause;
    }
  }
}
