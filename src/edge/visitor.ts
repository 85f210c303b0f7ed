/**
 * Who asks for a connection: a token's bearer, the operator's key, or a name
 * taken as given.
 *
 * @module
 */

import type { ApiKey } from "../identity/api_key.ts";
import type { TokenIdentity } from "../identity/token_claims.ts";
import type { TokenVerifier } from "../identity/token_verifier.ts";
import { ChatError } from "../wire/errors.ts";
import { isAtMost } from "../wire/text.ts";

/** A visitor whose claims were checked. */
export interface Visitor {
  readonly userId: string;
  readonly nickname: string;
  /** Whether a token, the API key or the operator's setting vouches for it. */
  readonly isProven: boolean;
  readonly isTokenAdmin: boolean;
  /** When the token expires, in epoch ms; `null` is never, or no token. */
  readonly expiresAt: number | null;
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
   * @throws ChatError when the proof is missing or wrong, or does not open
   * the room.
   */
  async identify(claim: Claim, roomId: string): Promise<Visitor> {
    const { apiKey, isTokenRequired, trustUserIds, verifier } = this.#options;
    if (claim.token !== null) {
      return bearer(await verifier.verify(claim.token), claim, roomId);
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
      isTokenAdmin: false,
      expiresAt: null,
    };
  }
}

function bearer(
  identity: TokenIdentity,
  claim: Claim,
  roomId: string,
): Visitor {
  const { userId, rooms, admin, expiresAt } = identity;
  if (claim.userId !== null && claim.userId !== userId) {
    throw new ChatError("token_invalid", {
      message: "The token is another user's",
    });
  }
  if (rooms !== null && !rooms.has(roomId)) {
    throw new ChatError("room_refused");
  }
  return {
    userId,
    nickname: identity.nickname ?? claim.nickname ?? userId,
    isProven: true,
    isTokenAdmin: typeof admin === "boolean" ? admin : admin.has(roomId),
    expiresAt,
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
