/**
 * The real server on a free port, with time, cron and log in the test's hand.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type App, startApp } from "../../src/app.ts";
import { type Clock, SystemClock } from "../../src/base/clock.ts";
import { systemIds } from "../../src/base/ids.ts";
import { nextTurn } from "../../src/base/turn.ts";
import { OPEN_MS_MAX } from "../../src/edge/reception.ts";
import { type Env, readConfig } from "../../src/config.ts";
import { FakeClock } from "./fake_clock.ts";
import { FakeCron } from "./fake_cron.ts";
import { RecordingLog } from "./recording_log.ts";
import { eventually, isSoon, within } from "./within.ts";
import { type JoinOptions, joinRoom, type WsClient } from "./ws_client.ts";

/** The operator's key of every test server. */
export const TEST_KEY = "a-key-for-tests";

/** Opens what the operator may. */
export const KEY_HEADERS = { "X-Api-Key": TEST_KEY };

/** The settings of a test server, before its own. */
const SETTINGS: Env = {
  BIND_ADDRESS: "127.0.0.1:0",
  ADMIN_API_KEY: TEST_KEY,
  USER_MESSAGE_INTERVAL_SECS: "0",
};

/** How long a stop may take before the clock is moved for it, in ms. */
const STOP_MS = 3000;

/** Steps of 100 ms that the clock is moved then: less than a stop may take. */
const STOP_STEPS = 90;

/** What a test may set beside settings. */
export interface TestAppOptions {
  /** Real time, where what is tested lies outside this process. */
  readonly isRealTime?: boolean;
  /** Goes on where another server's clock stood. */
  readonly clock?: FakeClock;
}

/** An answer of the management API. */
export interface ApiAnswer {
  readonly status: number;
  /** As a response types its JSON: a test reads what it knows is there. */
  readonly body: Awaited<ReturnType<Response["json"]>>;
}

/** What a request carries beside its path. */
export interface ApiRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a server's management API, with the key unless told otherwise. */
export async function askApi(
  server: string,
  line: string,
  { body, headers = KEY_HEADERS }: ApiRequest = {},
): Promise<ApiAnswer> {
  const [method = "GET", path = "/"] = line.split(" ");
  const response = await fetch(`${server}${path}`, {
    method,
    headers: { ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

/** A room to make; `admin` is its admin unless `admins` says otherwise. */
export interface RoomSpec {
  readonly admins?: readonly string[];
  readonly [field: string]: unknown;
}

/** Makes a room on a server and answers its id. */
export async function createRoom(
  server: string,
  { admins = ["admin"], ...more }: RoomSpec = {},
): Promise<string> {
  const { status, body } = await askApi(server, "POST /management/rooms", {
    body: { "room_name": "Lounge", "admin_user_ids": admins, ...more },
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body.room_id;
}

/** Starts a server; `settings` take the place of single ones. */
export async function newTestApp(
  settings: Env = {},
  { isRealTime = false, clock = new FakeClock() }: TestAppOptions = {},
): Promise<TestApp> {
  const config = readConfig({ ...SETTINGS, ...settings });
  const cron = new FakeCron();
  const log = new RecordingLog();
  const app = await startApp({
    config,
    adminApiKey: config.auth.adminApiKey ?? TEST_KEY,
    clock: isRealTime ? new SystemClock() satisfies Clock : clock,
    ids: systemIds,
    yield: nextTurn,
    cron: cron.cron,
    log,
  });
  return new TestApp({ app, clock, cron, log });
}

interface Parts {
  readonly app: App;
  readonly clock: FakeClock;
  readonly cron: FakeCron;
  readonly log: RecordingLog;
}

export class TestApp implements AsyncDisposable {
  readonly app: App;
  readonly clock: FakeClock;
  readonly cron: FakeCron;
  readonly log: RecordingLog;
  readonly url: string;
  readonly #clients: WsClient[] = [];

  constructor({ app, clock, cron, log }: Parts) {
    this.app = app;
    this.clock = clock;
    this.cron = cron;
    this.log = log;
    this.url = `http://${app.host}:${app.port}`;
  }

  /** `line` is a method and a path. */
  api(line: string, request?: ApiRequest): Promise<ApiAnswer> {
    return askApi(this.url, line, request);
  }

  createRoom(spec?: RoomSpec): Promise<string> {
    return createRoom(this.url, spec);
  }

  /** Joins; the client is closed with the server. */
  async joinRoom(
    roomId: string,
    userId: string,
    options?: JoinOptions,
  ): Promise<WsClient> {
    const client = await joinRoom(this.url, roomId, userId, options);
    this.#clients.push(client);
    return client;
  }

  /** Joins as a room admin, vouched for by the operator's key. */
  joinAsAdmin(roomId: string, userId = "admin"): Promise<WsClient> {
    return this.joinRoom(roomId, userId, { headers: KEY_HEADERS });
  }

  /** A token of the server's own for a user. */
  async mintToken(userId: string, claims: object = {}): Promise<string> {
    const { status, body } = await this.api("POST /management/tokens", {
      body: { "user_id": userId, ...claims },
    });
    assert.equal(status, 200, JSON.stringify(body));
    return body.token;
  }

  /** Resolves when every room has done what it was asked. */
  idle(): Promise<void> {
    return this.app.core.scheduler.idle();
  }

  /** Fails if one of the clients was sent a frame that no one expected. */
  async expectSilence(...clients: WsClient[]): Promise<void> {
    for (const client of clients) await client.caughtUp();
    await this.idle();
    for (const client of clients) await client.expectSilence();
  }

  /** Does what the calendar would. */
  runJob(name: string): Promise<void> {
    return this.cron.fire(name);
  }

  /** Resolves when the server counts so many connections. */
  async expectConnections(count: number): Promise<void> {
    const { edge } = this.app.core;
    await eventually(() => edge.connectionCount === count, {
      what: () => `${count} connections, not ${edge.connectionCount}`,
    });
  }

  /** A browser that was closed may have left upgrades that never open. */
  async #forgetUnopened(): Promise<void> {
    const { edge } = this.app.core;
    await eventually(async () => {
      if (edge.connectionCount === 0) return true;
      await this.clock.advance(OPEN_MS_MAX);
      return edge.connectionCount === 0;
    }, { what: () => `${edge.connectionCount} connections to go` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.close();
    // With nobody left to close in rounds, a stop waits for no held clock.
    await this.#forgetUnopened();
    const stopping = this.app.stop();
    if (!await isSoon(stopping, STOP_MS)) await this.#letTimePass();
    await within(stopping, { what: "the server to stop" });
  }

  /**
   * A browser that was closed may still have sent a request, which a stop then
   * waits for; on a held clock it would do so for good.
   */
  async #letTimePass(): Promise<void> {
    for (let step = 0; step < STOP_STEPS; step++) await this.clock.advance(100);
  }
}
