/**
 * The HTTP app over fakes, and requests to it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Hono } from "@hono/hono";
import { Metrics } from "../../src/base/metrics.ts";
import { systemIds } from "../../src/base/ids.ts";
import { Uploads } from "../../src/upload/uploads.ts";
import { newTestTools } from "./test_tools.ts";
import { Readiness } from "../../src/http/health.ts";
import { newHttpApp } from "../../src/http/http_app.ts";
import type { HttpDeps } from "../../src/http/http_deps.ts";
import { ApiKey } from "../../src/identity/api_key.ts";
import { signingKey } from "../../src/identity/signing_key.ts";
import { TokenMinter } from "../../src/identity/token_minter.ts";
import {
  FakeDesk,
  FakeEventPages,
  FakeLetters,
  FakeSamples,
  FakeSync,
} from "./fake_callbacks.ts";
import { FakeCleanup } from "./fake_cleanup.ts";
import { FakeClock, START_AT } from "./fake_clock.ts";
import { FakeDevices } from "./fake_devices.ts";
import { FakeHistory, FakeRecorder } from "./fake_history.ts";
import { FakeLiveDesk } from "./fake_live_desk.ts";
import { FakeRooms } from "./fake_rooms.ts";
import { RecordingLog } from "./recording_log.ts";

/** The key that the app of a test wants. */
export const TEST_API_KEY = "a-key-for-tests";

/** What a request says beside its path. */
export interface TestRequest {
  readonly method?: string;
  readonly body?: unknown;
  /** Sent as it is, where `body` would be encoded. */
  readonly text?: string;
  readonly headers?: Record<string, string>;
  /** `null` sends none. */
  readonly key?: string | null;
}

/** An app with everything behind it. */
export interface TestHttp {
  readonly app: Hono;
  readonly callbacks: FakeDesk;
  readonly cleanup: FakeCleanup;
  readonly clock: FakeClock;
  readonly devices: FakeDevices;
  readonly events: FakeEventPages;
  readonly letters: FakeLetters;
  readonly live: FakeLiveDesk;
  readonly log: RecordingLog;
  readonly metrics: Metrics;
  readonly recorder: FakeRecorder;
  readonly rooms: FakeRooms;
  readonly samples: FakeSamples;
  readonly store: FakeHistory;
  readonly sync: FakeSync;
  readonly server: { draining: boolean; journalFailing: boolean };
  ask(path: string, request?: TestRequest): Promise<Response>;
}

/** Builds it; `overrides` take the place of single parts. */
export function newTestHttp(overrides: Partial<HttpDeps> = {}): TestHttp {
  const parts = newParts();
  const app = newHttpApp({ ...depsOf(parts), ...overrides });
  return { ...parts, app, ask: (path, request) => ask(app, path, request) };
}

const NO_UPLOADS = { totalBytesMax: 0, ids: systemIds };

function newParts() {
  return {
    callbacks: new FakeDesk(),
    cleanup: new FakeCleanup(),
    clock: new FakeClock(),
    devices: new FakeDevices(),
    events: new FakeEventPages(),
    letters: new FakeLetters(),
    live: new FakeLiveDesk(),
    log: new RecordingLog(),
    metrics: new Metrics(),
    recorder: new FakeRecorder(),
    rooms: new FakeRooms(),
    samples: new FakeSamples(),
    store: new FakeHistory(),
    sync: new FakeSync(),
    server: { draining: false, journalFailing: false },
  };
}

function depsOf(parts: ReturnType<typeof newParts>): HttpDeps {
  const { clock, server, recorder, store } = parts;
  const readiness = new Readiness({
    isDraining: () => server.draining,
    isJournalFailing: () => server.journalFailing,
    isFlushFailing: () => recorder.pending.failing !== null,
    checkStore: () => store.check(),
  }, clock);
  return {
    ...parts,
    apiKey: new ApiKey(TEST_API_KEY),
    readiness,
    limits: {
      contentCharsMax: 20,
      nicknameCharsMax: 10,
      userIdCharsMax: 12,
      frameBytesMax: 1024,
      membersMax: 500,
    },
    minter: new TokenMinter(signingKey({ adminApiKey: TEST_API_KEY }), clock),
    server: {
      version: "0.1.0",
      startedAt: START_AT,
      durability: "journal",
      connections: () => 3,
      isDraining: () => server.draining,
      isJournalFailing: () => server.journalFailing,
    },
    backup: () => Promise.resolve(new Blob(["a database"]).stream()),
    tools: { ...newTestTools().deps, uploads: new Uploads(NO_UPLOADS) },
  };
}

async function ask(
  app: Hono,
  path: string,
  { method = "GET", body, text, headers = {}, key = TEST_API_KEY }:
    TestRequest = {},
): Promise<Response> {
  const content = text ?? (body === undefined ? null : JSON.stringify(body));
  return await app.request(
    new Request(`http://parlor.test${path}`, {
      method,
      body: content,
      headers: { ...(key === null ? {} : { "X-Api-Key": key }), ...headers },
    }),
  );
}

/** Asserts a status and the exact JSON beside it. */
export async function assertJson(
  response: Response,
  status: number,
  body: unknown,
): Promise<void> {
  assert.equal(await response.text(), JSON.stringify(body));
  assert.equal(response.status, status);
  assert.equal(response.headers.get("Content-Type"), "application/json");
}

/** Asserts a status without a body. */
export async function assertEmpty(
  response: Response,
  status: number,
): Promise<void> {
  assert.equal(await response.text(), "");
  assert.equal(response.status, status);
}

/** Asserts a refusal of what a request says, by its text. */
export async function assertBadRequest(
  response: Response,
  error: string | RegExp,
): Promise<void> {
  const body = await response.json();
  assert.equal(response.status, 400, JSON.stringify(body));
  assert.equal(body.code, "bad_request");
  if (typeof error === "string") assert.equal(body.error, error);
  else assert.match(body.error, error);
}

/** What a room that is not there answers. */
export function notFoundBody(roomId: string): { error: string; code: string } {
  return { error: `Room ${roomId} not found`, code: "room_not_found" };
}
