/**
 * The pages over fakes, and requests to them as a browser makes them.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { errorResponse } from "../../../src/http/error_response.ts";
import type { PageDeps } from "../../../src/http/pages/page_deps.ts";
import { pageRoutes } from "../../../src/http/pages/page_routes.tsx";
import {
  pageSessionKey,
  PageSessions,
} from "../../../src/identity/page_session.ts";
import type { TokenIdentity } from "../../../src/identity/token_claims.ts";
import type { ChatRoom } from "../../../src/http/ports.ts";
import { ChatError, type ErrorCode } from "../../../src/wire/errors.ts";
import type { Person } from "../../../src/wire/person.ts";
import type { ChatSpec } from "../../../src/wire/record.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeRoom } from "../../support/fake_rooms.ts";
import { RecordingLog } from "../../support/recording_log.ts";

const LIMITS = {
  contentCharsMax: 2000,
  nicknameCharsMax: 10,
  userIdCharsMax: 12,
  frameBytesMax: 65_536,
  membersMax: 500,
};

/** What a request says beside its path. */
export interface PageAsk {
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose cookie is sent along. */
  readonly as?: Person;
}

/** A room of the page's tests. */
export class FakeChatRoom extends FakeRoom implements ChatRoom {
  constructor(id: string, chat: ChatSpec, name = "") {
    super(id, { chat, kind: "chat", name });
  }

  post(): never {
    throw new Error("Cannot post: a page does not");
  }
}

/** The pages and what is behind them. */
export class PageWorld {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly rooms = new Map<string, FakeChatRoom>();
  readonly ended = new Set<string>();
  readonly liveIds = new Set<string>();
  readonly sessions = new PageSessions({
    key: pageSessionKey({ adminApiKey: "a-key-for-tests" }),
    limits: LIMITS,
    clock: this.clock,
  });
  /** What a token is read as; a code is its refusal. */
  token: (TokenIdentity & { nickname?: string }) | ErrorCode = "token_invalid";
  readonly #app: Hono;

  constructor(overrides: Partial<PageDeps> = {}) {
    this.#app = new Hono();
    this.#app.onError((cause, c) => errorResponse(c, cause, this.log));
    this.#app.route("/", pageRoutes({ ...this.#deps(), ...overrides }));
  }

  #deps(): PageDeps {
    return {
      allowedOrigins: [],
      clock: this.clock,
      isTokenRequired: false,
      limits: LIMITS,
      live: {
        isPublic: false,
        isChatOpen: false,
        defaultSource: "douyin",
        isKnown: (liveId) => this.liveIds.has(liveId),
      },
      loginMs: 3_600_000,
      messages: {
        room: (id: string) =>
          Promise.resolve(
            this.ended.has(id) ? { kind: "chat", status: "ended" } : undefined,
          ),
      } as unknown as PageDeps["messages"],
      recorder: { flushRoom: () => Promise.resolve() },
      rooms: {
        get: (id) => this.rooms.get(id),
        all: () => this.rooms.values(),
        participating: () => [],
        create: () => {
          throw new Error("Cannot create: a page does not");
        },
        hasEnded: () => Promise.resolve(true),
        makePublic: () => undefined,
      },
      sessions: this.sessions,
      tokens: {
        verify: () => {
          if (typeof this.token !== "string") {
            return Promise.resolve(this.token);
          }
          return Promise.reject(new ChatError(this.token));
        },
      },
      trustProxy: false,
      trustUserIds: false,
    };
  }

  /** Asks for a page; a form makes it a POST. */
  async ask(
    path: string,
    { form, headers, as }: PageAsk = {},
  ): Promise<Response> {
    const cookie = as === undefined
      ? {}
      : { Cookie: `parlor_session=${await this.#seal(as)}` };
    const body = form === undefined ? {} : {
      method: "POST",
      body: new URLSearchParams(form),
    };
    return await this.#app.request(`http://parlor.test${path}`, {
      ...body,
      headers: { Host: "parlor.test", ...cookie, ...headers },
    });
  }

  #seal(person: Person): Promise<string> {
    return this.sessions.seal({
      ...person,
      isProven: false,
      rooms: null,
      admin: false,
      expiresAt: null,
    });
  }
}

/** Who asks in most tests. */
export const ANN: Person = { userId: "ann", nickname: "Ann" };

/** What would do harm where it is not escaped. */
export const EVIL = `<img src=x onerror=alert(1)>"'&`;
