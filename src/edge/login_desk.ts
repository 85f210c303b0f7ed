/**
 * Who asks for a connection where pages do so too: a token's bearer, a name
 * beside the operator's key or taken as given, or the user of a page's cookie.
 *
 * A browser sends a cookie along with whatever any page makes it send, so the
 * cookie counts only for a page of this server's own.
 *
 * @module
 */

import { cookieOf } from "../identity/cookie_header.ts";
import { PAGE_COOKIE, type PageSessions } from "../identity/page_session.ts";
import { ChatError } from "../wire/errors.ts";
import type { Call } from "./gate.ts";
import {
  isOriginAllowed,
  isOwnPage,
  mayUseCookie,
  requireSameSite,
} from "./origin.ts";
import {
  type Claim,
  claimOf,
  type KnownUser,
  type VisitorDesk,
} from "./visitor.ts";

export interface LoginDeskOptions {
  readonly desk: VisitorDesk;
  readonly pages: Pick<PageSessions, "open">;
  /** Of other sites; this server's own pages need no mention. */
  readonly allowedOrigins: readonly string[];
}

/** Learns who it is. */
export class LoginDesk {
  readonly #options: LoginDeskOptions;

  constructor(options: LoginDeskOptions) {
    this.#options = options;
  }

  /**
   * Requires that a page of another site may connect at all.
   *
   * @throws ChatError `origin_refused`.
   */
  requireOrigin(request: Request): void {
    const origin = request.headers.get("origin");
    const isAllowed = isOriginAllowed(origin, this.#options.allowedOrigins);
    if (!isAllowed && !isOwnPage(request)) {
      throw new ChatError("origin_refused");
    }
  }

  /**
   * Who sends a request.
   *
   * @throws ChatError `login_required` when nothing says so, or why what does
   * is refused.
   */
  async identify({ request, url }: Call): Promise<KnownUser> {
    const { desk } = this.#options;
    const claim = claimOf(request, url);
    if (!this.#isClaimed(claim)) return await this.#pageUser(request, claim);
    desk.requireNames(claim);
    return await desk.identify(claim);
  }

  /**
   * The user of a page's cookie, for what needs no login; `undefined` without
   * one that counts.
   */
  async recall(request: Request): Promise<KnownUser | undefined> {
    const { allowedOrigins } = this.#options;
    if (!mayUseCookie(request, allowedOrigins)) return undefined;
    const cookie = cookieOf(request.headers.get("cookie"), PAGE_COOKIE);
    return cookie === undefined ? undefined : await this.#open(cookie, null);
  }

  /** Whether the request names its user itself, in a way that may count. */
  #isClaimed({ apiKey, token, userId }: Claim): boolean {
    if (token !== null || apiKey !== null) return true;
    return userId !== null && !this.#options.desk.isTokenRequired;
  }

  async #pageUser(request: Request, { userId }: Claim): Promise<KnownUser> {
    const { allowedOrigins } = this.#options;
    const cookie = cookieOf(request.headers.get("cookie"), PAGE_COOKIE);
    if (cookie === undefined) throw new ChatError("login_required");
    requireSameSite(request, allowedOrigins);
    const user = await this.#open(cookie, userId);
    if (user === undefined) throw new ChatError("login_required");
    return user;
  }

  /** @param userId whose cookie it has to be; `null` is anybody's. */
  async #open(
    cookie: string,
    userId: string | null,
  ): Promise<KnownUser | undefined> {
    const { desk, pages } = this.#options;
    const session = await pages.open(cookie);
    const isOurs = session !== undefined &&
      (userId === null || userId === session.userId);
    // One from before tokens were required vouches for nothing now.
    const isEnough = session?.isProven || !desk.isTokenRequired;
    if (!isOurs || !isEnough) return undefined;
    return {
      ...session,
      isProven: session.isProven || desk.trustsUserIds,
      endCode: "login_required",
    };
  }
}
