/**
 * The seed's API over fakes, and requests to it.
 *
 * A user logs in by naming themselves: the token `u1` is u1's.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import type { PresenceDesk } from "../../src/http/ports.ts";
import { toolsApi } from "../../src/http/tools/tools_api.ts";
import type {
  RoomCleanup,
  ToolsDeps,
} from "../../src/http/tools/tools_deps.ts";
import { systemIds } from "../../src/base/ids.ts";
import { ApiKey } from "../../src/identity/api_key.ts";
import {
  pageSessionKey,
  PageSessions,
} from "../../src/identity/page_session.ts";
import type { ReapRequest } from "../../src/jobs/reaper.ts";
import type { TokenIdentity } from "../../src/identity/token_claims.ts";
import { Uploads } from "../../src/upload/uploads.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { PresenceFacts } from "../../src/wire/presence.ts";
import { FakeChatRooms } from "./fake_chat_rooms.ts";
import { FakeClock, START_AT } from "./fake_clock.ts";
import { FakeRecorder } from "./fake_history.ts";
import { FakeLinks } from "./fake_links.ts";
import { FakeMessages } from "./fake_messages.ts";
import { RecordingLog } from "./recording_log.ts";
import { TEST_API_KEY } from "./test_http.ts";

/** What a request says beside its path. */
export interface ToolRequest {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: BodyInit;
  readonly headers?: Record<string, string>;
  /** Who asks; `null` is nobody. */
  readonly user?: string | null;
}

/** Tokens that name their bearer, but for what a test says of them. */
export class FakeTokens {
  readonly claims = new Map<string, Partial<TokenIdentity>>();
  refusal: ChatError | undefined;

  verify(token: string): Promise<TokenIdentity> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    if (token === "bad") return Promise.reject(new ChatError("token_invalid"));
    return Promise.resolve({
      userId: token,
      nickname: `${token}的昵称`,
      rooms: null,
      admin: false,
      expiresAt: null,
      ...this.claims.get(token),
    });
  }
}

/** Who is there, as a test says. */
export class FakePresenceDesk implements PresenceDesk {
  readonly words: string[] = [];
  readonly #known = new Map<string, PresenceFacts>();

  set(userId: string, more: Partial<PresenceFacts>): void {
    this.#known.set(userId, { ...nobody(userId), ...more });
  }

  of(userId: string): PresenceFacts | undefined {
    return this.#known.get(userId);
  }

  facts(userIds: readonly string[]): Promise<PresenceFacts[]> {
    const facts = userIds.map((one) => this.#known.get(one) ?? nobody(one));
    return Promise.resolve(facts);
  }

  see({ userId }: { userId: string }): void {
    this.words.push(`see ${userId}`);
  }

  choose(userId: string, status: string, roomId?: string): void {
    const where = roomId === undefined ? "" : ` in ${roomId}`;
    this.words.push(`choose ${userId} ${status}${where}`);
  }
}

function nobody(userId: string): PresenceFacts {
  return {
    userId,
    nickname: userId,
    status: "offline",
    isOnline: false,
    lastSeenAt: null,
    roomId: null,
  };
}

type Parts = ReturnType<typeof newParts>;

/** What a test holds of the API. */
export interface TestTools extends Parts {
  readonly app: Hono;
  readonly deps: ToolsDeps;
  ask(path: string, request?: ToolRequest): Promise<Response>;
}

/** Builds it; `overrides` take the place of single parts. */
export function newTestTools(overrides: Partial<ToolsDeps> = {}): TestTools {
  const parts = newParts();
  const app = new Hono();
  const deps = { ...depsOf(parts), ...overrides };
  app.route("/tools/api", toolsApi(deps));
  return {
    ...parts,
    app,
    deps,
    ask: (path, request) => askTool(app, path, request),
  };
}

function newParts() {
  const clock = new FakeClock();
  return {
    clock,
    links: new FakeLinks(),
    log: new RecordingLog(),
    messages: new FakeMessages(),
    presence: new FakePresenceDesk(),
    recorder: new FakeRecorder(),
    rooms: new FakeChatRooms(),
    sessions: new PageSessions({
      key: pageSessionKey({ adminApiKey: TEST_API_KEY }),
      limits: { userIdCharsMax: 12, nicknameCharsMax: 12 },
      clock,
    }),
    tokens: new FakeTokens(),
    reaped: new Array<ReapRequest>(),
  };
}

function depsOf(parts: Parts): ToolsDeps {
  const cleanup: RoomCleanup = {
    run: (request) => {
      parts.reaped.push(request);
      const idle = { createdAt: START_AT, emptySinceAt: START_AT };
      const chat = { kind: "chat", ...idle } as const;
      const rooms = [
        { roomId: "idle-1", ...chat },
        { roomId: "idle-2", ...chat, error: "busy" },
        { roomId: "DEVICES1", kind: "device" as const, ...idle },
      ];
      return Promise.resolve({ rooms });
    },
  };
  return {
    ...parts,
    allowedOrigins: ["https://friend.test"],
    apiKey: new ApiKey(TEST_API_KEY),
    cleanup,
    ids: systemIds,
    isTokenRequired: false,
    limits: {
      contentCharsMax: 20,
      nicknameCharsMax: 12,
      userIdCharsMax: 12,
      frameBytesMax: 1024,
      membersMax: 500,
    },
    loginMs: 3_600_000,
    trustProxy: false,
    trustUserIds: false,
    uploads: new Uploads({ totalBytesMax: 0, ids: systemIds }),
  };
}

async function askTool(
  app: Hono,
  path: string,
  { method = "GET", body, raw, headers = {}, user = "u1" }: ToolRequest = {},
): Promise<Response> {
  const sent = raw ?? (body === undefined ? null : JSON.stringify(body));
  const bearer = user === null ? {} : { Authorization: `Bearer ${user}` };
  return await app.request(
    new Request(`http://parlor.test/tools/api${path}`, {
      method,
      body: sent,
      headers: { ...bearer, ...headers },
    }),
  );
}

/** Asserts a status, the exact JSON, and that nobody may keep it. */
export async function assertTool(
  response: Response,
  status: number,
  body: unknown,
): Promise<void> {
  assert.equal(await response.text(), JSON.stringify(body));
  assert.equal(response.status, status);
  const { headers } = response;
  assert.equal(headers.get("Content-Type"), "application/json");
  assert.equal(
    headers.get("Cache-Control"),
    "no-cache, no-store, must-revalidate",
  );
  assert.equal(headers.get("Pragma"), "no-cache");
  assert.equal(headers.get("Expires"), "0");
}

/** Asserts a refusal by its status, code and text. */
export async function assertRefused(
  response: Response,
  status: number,
  refusal: { code: string; error: string; [beside: string]: unknown },
): Promise<void> {
  const { code, error, ...beside } = refusal;
  await assertTool(response, status, {
    success: false,
    error,
    code,
    ...beside,
  });
}
