/**
 * The server without its port: database, journal, rooms and management API.
 *
 * The command line opens this when no server runs, so that a command does to
 * the file what it would have done to the server. `app.ts` puts the edge, the
 * calendar and the port around it.
 *
 * @module
 */

import type { Clock } from "./base/clock.ts";
import type { Ids } from "./base/ids.ts";
import type { Log } from "./base/log.ts";
import { Metrics } from "./base/metrics.ts";
import type { Yield } from "./base/turn.ts";
import { type Chat, newChat } from "./chat.ts";
import {
  callbackPlan,
  type Callbacks,
  openCallbacks,
  urgency,
} from "./callbacks.ts";
import type { Config } from "./config.ts";
import { type Devices, newDevices } from "./devices.ts";
import type { Env } from "./config.ts";
import { Readiness } from "./http/health.ts";
import { newSupervisor } from "./live.ts";
import { openLiveSources } from "./live_sources.ts";
import type { LiveSource } from "./live/source.ts";
import type { Supervisor } from "./live/supervisor.ts";
import { newHttpApp } from "./http/http_app.ts";
import { ApiKey } from "./identity/api_key.ts";
import { remoteKeys } from "./identity/remote_keys.ts";
import { signingKey } from "./identity/signing_key.ts";
import { TokenMinter } from "./identity/token_minter.ts";
import { TokenVerifier } from "./identity/token_verifier.ts";
import { DiskJournalDirectory } from "./record/disk_journal_directory.ts";
import { Recorder } from "./record/recorder.ts";
import type { RoomRegistry } from "./room/room_registry.ts";
import { Scheduler } from "./room/scheduler.ts";
import { newRooms, recoverRooms } from "./rooms.ts";
import { copyStream } from "./store/copy_stream.ts";
import { openSqliteStore } from "./store/open_sqlite_store.ts";
import type { SqliteStore } from "./store/sqlite_store.ts";
import type { Store } from "./store/store.ts";
import { DEVICE_CHARS_MAX } from "./wire/limits.ts";
import { VERSION } from "./version.ts";

/** Everything that enters from outside. */
export interface CoreOptions {
  readonly config: Config;
  /** The operator's key: the configured one, or one made for this run. */
  readonly adminApiKey: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly yield: Yield;
  readonly log: Log;
  /**
   * Whether this is no server, but stands in for one: events then also wait for
   * the endpoints that the last server had, which is to deliver them.
   *
   * @default {false}
   */
  readonly isOffline?: boolean;
  /**
   * The environment, for secrets that other files name.
   *
   * @default {{}}
   */
  readonly env?: Env;
}

/** What the edge adds to what the management API tells of. */
export interface EdgeFacts {
  connectionCount: number;
  isDraining: boolean;
}

/** The parts that `app.ts` puts a port around. */
export interface Core {
  readonly apiKey: ApiKey;
  readonly callbacks: Callbacks;
  readonly edge: EdgeFacts;
  readonly metrics: Metrics;
  readonly chat: Chat;
  readonly devices: Devices;
  readonly recorder: Recorder;
  readonly registry: RoomRegistry;
  readonly scheduler: Scheduler;
  readonly store: Store;
  /** Keeps links to live rooms; `app.ts` starts it. */
  readonly supervisor: Supervisor;
  readonly verifier: TokenVerifier;
  /** The same for devices, whose ids may be longer than a user's. */
  readonly deviceVerifier: TokenVerifier;
  /** Answers the management API. */
  readonly http: (request: Request) => Response | Promise<Response>;
  /** Flushes, then calls back, within a time each, and closes the database. */
  stop(times: StopTimes): Promise<void>;
}

/** How long the steps of a stop may take, in ms. */
export interface StopTimes {
  readonly flushMsMax: number;
  readonly callbackMsMax: number;
}

/**
 * Opens the database, brings in what the journal holds, and the rooms back.
 *
 * @throws when the database cannot be opened or is held by another process.
 */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { config, clock, ids, log } = options;
  const metrics = new Metrics();
  const sources = await liveSources(options);
  const plan = callbackPlan(config.callback);
  const store = await openSqliteStore({
    plan,
    keepsEndpoints: options.isOffline ?? false,
    url: `sqlite:${config.store.databaseFile ?? ":memory:"}`,
    log,
    clock,
    syncCommits: config.journal.durability === "fsync",
    readerCount: config.store.readerCount,
  });
  try {
    const { dir, durability } = config.journal;
    const news = new Bell();
    const recorder = new Recorder({
      durability,
      directory: dir === undefined ? undefined : new DiskJournalDirectory(dir),
      sink: {
        apply: async (records) => {
          await store.apply(records);
          news.ring();
        },
      },
      ...urgency(plan),
      limits: config.batch,
      clock,
      ids,
      log,
      metrics,
    });
    await recorder.start();
    return await assemble({
      ...options,
      metrics,
      news,
      recorder,
      sources,
      store,
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** None for who only stands in for a server: it connects to nothing. */
async function liveSources(
  { clock, config, env = {}, ids, isOffline = false }: CoreOptions,
): Promise<ReadonlyMap<string, LiveSource>> {
  if (isOffline) return new Map();
  return await openLiveSources({
    config: config.live,
    clock,
    ids,
    fetch,
    env: (name) => env[name],
  });
}

interface Opened extends CoreOptions {
  readonly metrics: Metrics;
  readonly sources: ReadonlyMap<string, LiveSource>;
  /** Rings when records have come into the database. */
  readonly news: Bell;
  readonly store: SqliteStore;
  readonly recorder: Recorder;
}

async function assemble(opened: Opened): Promise<Core> {
  const { clock, config, log, metrics, news, recorder, store } = opened;
  const scheduler = new Scheduler({ clock, yield: opened.yield });
  const callbacks = await openCallbacks({
    ...opened,
    config: config.callback,
    outbox: store.outbox,
    live: { find: (roomId) => registry.get(roomId)?.facts() },
    flush: () => recorder.flushAll(),
    fetch,
  });
  const registry: RoomRegistry = newRooms({
    ...opened,
    scheduler,
    onPeopleChanged: (actor) => chat.news.roomChanged(actor.facts()),
    onEnded: (roomId, facts) => {
      // Nothing waits for it: the records are in the journal.
      void callbacks.runs.close(roomId);
      chat.links.roomEnded(roomId);
      supervisor.roomEnded(roomId);
      chat.news.roomChanged(facts);
    },
  });
  const chat = newChat({ ...opened, registry });
  const devices = newDevices({ ...opened, registry });
  const supervisor = newSupervisor({ ...opened, registry });
  news.listen(() => callbacks.dispatcher.wake());
  metrics.beforeText(() => callbacks.dispatcher.observe());
  metrics.beforeText(() => metrics.mailboxDepth.set(registry.depth));
  await recoverRooms(registry, { clock, log, store });
  await chat.start();
  const edge: EdgeFacts = { connectionCount: 0, isDraining: false };
  const identity = openIdentity(opened);
  const parts = {
    ...opened,
    ...identity,
    callbacks,
    chat,
    devices,
    edge,
    registry,
    supervisor,
  };
  const http = newHttp(parts);
  return {
    ...identity,
    callbacks,
    chat,
    devices,
    edge,
    http,
    metrics,
    recorder,
    registry,
    scheduler,
    store,
    supervisor,
    stop: async ({ flushMsMax, callbackMsMax }) => {
      await supervisor.stop();
      registry[Symbol.dispose]();
      await chat.stop();
      await recorder.stop(flushMsMax);
      // A database that takes nothing would only be waited for.
      const isFlushed = recorder.pending.records === 0;
      await callbacks.stop(isFlushed ? callbackMsMax : 0);
      await store.close();
    },
  };
}

interface Served extends Opened {
  readonly callbacks: Callbacks;
}

function openIdentity({ adminApiKey, clock, config }: CoreOptions) {
  const { secret, jwksUrl } = config.auth;
  const key = signingKey({ secret, jwksUrl, adminApiKey });
  const keys = {
    key,
    remoteKeys: jwksUrl === undefined
      ? undefined
      : remoteKeys(jwksUrl, { clock, fetch }),
    clock,
  };
  const { client } = config;
  const ofDevices = { ...client, userIdCharsMax: DEVICE_CHARS_MAX };
  return {
    apiKey: new ApiKey(adminApiKey),
    minter: new TokenMinter(key, clock),
    verifier: new TokenVerifier({ ...keys, limits: client }),
    deviceVerifier: new TokenVerifier({ ...keys, limits: ofDevices }),
  };
}

interface HttpParts extends Served, ReturnType<typeof openIdentity> {
  readonly chat: Chat;
  readonly devices: Devices;
  readonly edge: EdgeFacts;
  readonly registry: RoomRegistry;
  readonly supervisor: Supervisor;
}

function newHttp(parts: HttpParts): Core["http"] {
  const { callbacks, chat, clock, config, edge, ids } = parts;
  const { recorder, registry, store } = parts;
  const isJournalFailing = () => isFailing(recorder);
  const limits = { ...config.client, membersMax: config.room.membersMax };
  const app = newHttpApp({
    ...parts,
    callbacks: callbacks.dispatcher,
    events: callbacks.stream,
    letters: callbacks.letters,
    samples: { send: (url) => callbacks.sample(url) },
    sync: callbacks.runs,
    limits,
    readiness: new Readiness({
      isDraining: () => edge.isDraining,
      isJournalFailing,
      isFlushFailing: () => recorder.pending.failing !== null,
      checkStore: () => store.check(),
    }, clock),
    rooms: registry,
    server: {
      version: VERSION,
      startedAt: clock.now(),
      durability: config.journal.durability,
      connections: () => edge.connectionCount,
      isDraining: () => edge.isDraining,
      isJournalFailing,
    },
    backup: () => {
      const file = config.store.databaseFile ?? "./parlor";
      return copyStream(store, `${file}.copy-${ids.uuid()}`);
    },
    cleanup: chat.desk,
    devices: parts.devices.connections,
    live: {
      ...config.live,
      desk: parts.supervisor,
      findRoom: (liveId) => registry.liveRoom(liveId),
    },
    tools: {
      ...parts,
      ...chat,
      allowedOrigins: config.server.allowedOrigins,
      isTokenRequired: isTokenRequired(config),
      limits,
      loginMs: config.chat.loginMs,
      messages: store,
      tokens: parts.verifier,
      trustProxy: config.server.trustProxy,
      trustUserIds: config.auth.trustUserIds,
    },
  });
  return (request) => app.fetch(request);
}

/** Whether every connection and every login needs a token. */
export function isTokenRequired({ auth }: Config): boolean {
  return auth.secret !== undefined || auth.jwksUrl !== undefined;
}

/** Tells who listens, once there is someone. */
class Bell {
  #listener = () => {};

  listen(listener: () => void): void {
    this.#listener = listener;
  }

  ring(): void {
    this.#listener();
  }
}

function isFailing(recorder: Recorder): boolean {
  const { journal } = recorder;
  if (journal === null) return false;
  return journal.failing !== null || journal.syncFailing !== null;
}
