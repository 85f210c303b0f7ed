/**
 * Everything that what users call over HTTP is built from: the seed's JSON API
 * under `/tools/` (COMPAT 0.4), its uploads, and the pages.
 *
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import type { Ids } from "../../base/ids.ts";
import type { Log } from "../../base/log.ts";
import type { ApiKey } from "../../identity/api_key.ts";
import type { PageSession } from "../../identity/page_session.ts";
import type { TokenIdentity } from "../../identity/token_claims.ts";
import type { ReapReport, ReapRequest } from "../../jobs/reaper.ts";
import type { Uploads } from "../../upload/uploads.ts";
import type {
  ChatReader,
  ChatRooms,
  HttpLimits,
  LinkDesk,
  PresenceDesk,
  Recorder,
} from "../ports.ts";

/** Keeps a browser's user in a cookie. */
export interface SessionSeals {
  /** The cookie's value. @throws {ChatError} `bad_request` when too large. */
  seal(session: PageSession): Promise<string>;
  /** `undefined` when the value is none of ours, or its time is over. */
  open(value: string | undefined): Promise<PageSession | undefined>;
}

/** Learns who a token's bearer is. */
export interface TokenReader {
  /** @throws {ChatError} `token_invalid`, `token_expired` and the like. */
  verify(token: string): Promise<TokenIdentity>;
}

/** How a request says who sent it. */
export interface GateDeps {
  readonly sessions: SessionSeals;
  readonly tokens: TokenReader;
  /** Whether only a token's bearer may log in, or any name. */
  readonly isTokenRequired: boolean;
  /** Whether a user id that was taken as given counts as proven. */
  readonly trustUserIds: boolean;
  /** Other sites whose pages may act for a user, as `Origin` names them. */
  readonly allowedOrigins: readonly string[];
}

/** Ends rooms that nobody is in any more. */
export interface RoomCleanup {
  run(request: ReapRequest): Promise<Pick<ReapReport, "rooms">>;
}

/** What each group of routes takes its part of. */
export interface ToolsDeps extends GateDeps {
  readonly apiKey: Pick<ApiKey, "matches">;
  readonly cleanup: RoomCleanup;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly limits: HttpLimits;
  readonly links: LinkDesk;
  readonly log: Log;
  /** How long a login lasts. */
  readonly loginMs: number;
  readonly messages: ChatReader;
  readonly presence: PresenceDesk;
  readonly recorder: Pick<Recorder, "flushRoom">;
  readonly rooms: ChatRooms;
  /** Whether `x-forwarded-proto` is the proxy's word, and so to be believed. */
  readonly trustProxy: boolean;
  readonly uploads: Pick<
    Uploads,
    "admit" | "keep" | "discard" | "size" | "open"
  >;
}
