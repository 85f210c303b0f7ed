/**
 * Who asks for a connection: a token's bearer, the operator's key, or a name
 * taken as given.
 *
 * @module
 */

import type { ApiKey } from "../identity/api_key.ts";
import type { TokenIdentity } from "../identity/token_claims.ts";
import type { TokenVerifier } from "../identity/token_verifier.ts";
import { ChatError, type ErrorCode } from "../wire/errors.ts";
import { isAtMost } from "../wire/text.ts";

/** What a visitor is everywhere. */
interface Identified {
  readonly userId: string;
  readonly nickname: string;
  /** Whether a token, the API key or the operator's setting vouches for it. */
  readonly isProven: boolean;
  /** When the proof expires, in epoch ms; `null` is never, or no proof. */
  readonly expiresAt: number | null;
  /** What the connection ends with then; absent is `token_expired`. */
  readonly endCode?: ErrorCode;
}

/** Someone whose claims were checked. */
export interface KnownUser extends Identified {
  /** The rooms that the proof opens; `null` is any. */
  readonly rooms: ReadonlySet<string> | null;
  /** Whether it makes an admin of every room, or of which. */
  readonly admin: boolean | ReadonlySet<string>;
}

/** Someone whose claims were checked, at a room's door. */
export interface Visitor extends Identified {
  readonly isTokenAdmin: boolean;
}

export interface VisitorOptions {
  readonly verifier: TokenVerifier;
  readonly apiKey: ApiKey;
  /** Whether every connection needs a token. */
  readonly isTokenRequired: boolean;
  /** Whether a room admin's id is taken as given too. */
  readonly trustUserIds: boolean;
  readonly userIdCharsMax: number;
  readonly nicknameCharsMax: number;
}

/** What a request says of its sender. */
export interface Claim {
  readonly userId: string | null;
  readonly nickname: string | null;
  readonly token: string | null;
  readonly apiKey: string | null;
}

/** Reads the claim of an upgrade request: query, then headers. */
export function claimOf(request: Request, url: URL): Claim {
  const { searchParams: query } = url;
  return {
    userId: query.get("user_id"),
    nickname: query.get("nickname"),
    token: query.get("token") ?? bearerOf(request),
    apiKey: request.headers.get("x-api-key"),
  };
}

/** Checks claims by the server's settings. */
export class VisitorDesk {
  readonly #options: VisitorOptions;

  constructor(options: VisitorOptions) {
    this.#options = options;
  }

  /** Whether a name alone is nobody. */
  get isTokenRequired(): boolean {
    return this.#options.isTokenRequired;
  }

  /** Whether a name alone is proven. */
  get trustsUserIds(): boolean {
    return this.#options.trustUserIds;
  }

  /**
   * Checks what can be checked without waiting: the names.
   *
   * @throws ChatError `bad_request`.
   */
  requireNames({ userId, nickname, token }: Claim): void {
    const { userIdCharsMax, nicknameCharsMax } = this.#options;
    // A token brings its own names.
    if (token === null || userId !== null) {
      requireText("user_id", userId, userIdCharsMax);
    }
    if (token === null || nickname !== null) {
      requireText("nickname", nickname, nicknameCharsMax);
    }
  }

  /**
   * Learns who it is.
   *
   * @throws ChatError when the proof is missing or wrong.
   */
  async identify(claim: Claim): Promise<KnownUser> {
    const { apiKey, isTokenRequired, trustUserIds, verifier } = this.#options;
    if (claim.token !== null) {
      return bearer(await verifier.verify(claim.token), claim);
    }
    const isOperator = claim.apiKey !== null && apiKey.matches(claim.apiKey);
    if (claim.apiKey !== null && !isOperator) {
      throw new ChatError("unauthorized");
    }
    if (isTokenRequired && !isOperator) {
      throw new ChatError("token_invalid", { message: "A token is needed" });
    }
    return {
      userId: (claim.userId ?? "").toWellFormed(),
      nickname: (claim.nickname ?? "").toWellFormed(),
      isProven: isOperator || trustUserIds,
      rooms: null,
      admin: false,
      expiresAt: null,
    };
  }
}

/**
 * A user at a room's door.
 *
 * @throws ChatError `room_refused` when the proof does not open the room.
 */
export function visitorOf(
  { admin, rooms, ...identified }: KnownUser,
  roomId: string,
): Visitor {
  if (rooms !== null && !rooms.has(roomId)) {
    throw new ChatError("room_refused");
  }
  const isTokenAdmin = typeof admin === "boolean" ? admin : admin.has(roomId);
  return { ...identified, isTokenAdmin };
}

function bearer(identity: TokenIdentity, claim: Claim): KnownUser {
  const { userId } = identity;
  if (claim.userId !== null && claim.userId !== userId) {
    throw new ChatError("token_invalid", {
      message: "The token is another user's",
    });
  }
  return {
    ...identity,
    nickname: identity.nickname ?? claim.nickname ?? userId,
    isProven: true,
  };
}

function requireText(
  name: string,
  text: string | null,
  charsMax: number,
): void {
  if (text === null || text === "") {
    throw new ChatError("bad_request", { message: `${name} is missing` });
  }
  if (text.includes("\0")) {
    throw new ChatError("bad_request", { message: `${name} has a NUL` });
  }
  if (!isAtMost(text, charsMax)) {
    const message = `${name} has more than ${charsMax} characters`;
    throw new ChatError("bad_request", { message });
  }
}

function bearerOf(request: Request): string | null {
  const header = request.headers.get("authorization") ?? "";
  const [scheme, token] = header.split(" ", 2);
  const isBearer = scheme?.toLowerCase() === "bearer" && token !== undefined;
  return isBearer && token !== "" ? token : null;
}
