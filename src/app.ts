/**
 * The whole server: what is started, in order, and stopped, in reverse.
 *
 * | start                       | stop                                   |
 * | --------------------------- | -------------------------------------- |
 * | 1. database, journal        | 7. close the database                  |
 * | 2. rooms come back          | 6. last callbacks                      |
 * |                             | 5. flush what is pending               |
 * | 3. management API           | 4. let requests finish, close the port |
 * | 4. links to live rooms      | 3. refuse upgrades, close sessions     |
 * | 5. edge, port               | 2. close links to live rooms           |
 * | 6. callbacks, jobs, probes  | 1. stop jobs and probes                |
 *
 * @module
 */

import type { Clock } from "./base/clock.ts";
import { inTime } from "./base/deadline.ts";
import { watchLoopLag } from "./base/loop_lag.ts";
import {
  type Core,
  type CoreOptions,
  isTokenRequired,
  openCore,
} from "./core.ts";
import { ConnectionTable } from "./edge/connection_table.ts";
import type { TokenRefresher } from "./edge/conversation.ts";
import { denoUpgrade } from "./edge/deno_socket.ts";
import type { DeviceEndpoint } from "./edge/device_endpoint.ts";
import { newDeviceEndpoint } from "./device_edge.ts";
import { drain } from "./edge/drain.ts";
import { ChatGate, type EnterableRooms } from "./edge/chat_gate.ts";
import type { Call } from "./edge/gate.ts";
import { listen, type Listener } from "./edge/listener.ts";
import { startLinks } from "./live.ts";
import { newLiveEndpoint } from "./live_edge.ts";
import { LoginDesk } from "./edge/login_desk.ts";
import { PresenceEndpoint } from "./edge/presence_endpoint.ts";
import { RoomEndpoint } from "./edge/room_endpoint.ts";
import { RoomsGate } from "./edge/rooms_gate.ts";
import { ServerBounds } from "./edge/server_bounds.ts";
import { answerCall, type SocketRoute } from "./edge/socket_routes.ts";
import { VisitorDesk, visitorOf } from "./edge/visitor.ts";
import { aliveJob } from "./jobs/alive.ts";
import { cleanupTask } from "./jobs/cleanup.ts";
import { callbackJobs, callbackTasks } from "./jobs/callback_jobs.ts";
import { deviceStatusJob } from "./jobs/device_status.ts";
import { flushJob } from "./jobs/flush.ts";
import { startIntervals } from "./jobs/interval.ts";
import { linksJob } from "./jobs/links.ts";
import { roomPurgeTask } from "./jobs/purge.ts";
import { type CronPort, startJobs } from "./jobs/schedule.ts";
import { isForUsers } from "./room/admission.ts";
import { chatDialect } from "./wire/chat_dialect.ts";
import { roomsDialect } from "./wire/rooms_dialect.ts";
import { VERSION } from "./version.ts";

export interface AppOptions extends CoreOptions {
  readonly cron: CronPort;
}

/** A server that runs. */
export interface App {
  readonly host: string;
  readonly port: number;
  /** The port for devices alone; `undefined` when there is none. */
  readonly devicePort: number | undefined;
  readonly core: Core;
  /** Stops in order, within `SHUTDOWN_TIMEOUT_SECS`. May be called twice. */
  stop(): Promise<void>;
}

/** Shares of the time to stop, for one step after the other. */
const JOBS_SHARE = 0.1;
const DRAIN_SHARE = 0.3;
const REQUEST_SHARE = 0.1;
const FLUSH_SHARE = 0.3;
const CALLBACK_SHARE = 0.15;

/**
 * Starts a server; it listens once all that was accepted before is back.
 *
 * @throws when the database or the port cannot be opened.
 */
export async function startApp(options: AppOptions): Promise<App> {
  const core = await openCore(options);
  try {
    const connections = new ConnectionTable(core);
    await startLinks(core);
    const ports = await openPorts(options, core, connections);
    const background = startBackground(options, core);
    const [{ host, port }, devices] = ports;
    logStart(ports, core, options);
    let stopping: Promise<void> | undefined;
    const running = { ...options, background, connections, core, ports };
    return {
      host,
      port,
      devicePort: devices?.port,
      core,
      stop: () => stopping ??= stopApp(running),
    };
  } catch (error) {
    await core.stop({ flushMsMax: 0, callbackMsMax: 0 });
    throw error;
  }
}

function logStart(
  [main, devices]: Ports,
  core: Core,
  { config, log }: AppOptions,
): void {
  log.info(`Listening on ${main.address}`, {
    event: "server_started",
    version: VERSION,
    durability: config.journal.durability,
    rooms: core.registry.count,
  });
  if (devices === undefined) return;
  log.info(`Listening for devices on ${devices.address}`, {
    event: "device_port_opened",
  });
}

/** An HTTP API over a database file that no server holds. */
export interface OfflineApp {
  request(method: string, path: string, body?: unknown): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Opens the database file in this process, without a port.
 *
 * @throws when it cannot be opened or a server holds it.
 */
export async function openOfflineApp(
  options: CoreOptions,
): Promise<OfflineApp> {
  const core = await openCore({ ...options, isOffline: true });
  const { config, adminApiKey } = options;
  let closing: Promise<void> | undefined;
  return {
    request: async (method, path, body) => {
      const headers = new Headers({ "x-api-key": adminApiKey });
      if (body !== undefined) headers.set("content-type", "application/json");
      const request = new Request(`http://offline${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return await core.http(request);
    },
    close: () =>
      closing ??= core.stop({
        flushMsMax: config.server.shutdownMsMax,
        callbackMsMax: config.server.shutdownMsMax,
      }),
  };
}

/** The ports of a server; the second may be for devices alone. */
type Ports = readonly [main: Listener, devices?: Listener];

async function openPorts(
  options: AppOptions,
  core: Core,
  connections: ConnectionTable,
): Promise<Ports> {
  const { config, log } = options;
  const { trustProxy } = config.server;
  const { sockets, devices } = openEdge(options, core, connections);
  const faces = { sockets, http: core.http };
  const main = listen({
    ...config.server,
    log,
    answer: (call) => answerCall(faces, call),
  });
  const { address } = config.device;
  if (address === undefined) return [main];
  try {
    const answer = (call: Call) => devices.answer(call);
    return [main, listen({ ...address, trustProxy, log, answer })];
  } catch (error) {
    await main.stop();
    throw error;
  }
}

/** Where WebSockets lead. */
interface Edge {
  readonly sockets: readonly SocketRoute[];
  readonly devices: DeviceEndpoint;
}

function openEdge(
  options: AppOptions,
  core: Core,
  connections: ConnectionTable,
): Edge {
  const { clock, config, ids, log } = options;
  const { auth, client, outbound, server } = config;
  const desk = new VisitorDesk({
    ...core,
    ...auth,
    ...client,
    isTokenRequired: isTokenRequired(options.config),
  });
  const bounds = new ServerBounds({
    ...server,
    connections,
    isDraining: () => core.edge.isDraining,
  });
  const { chat } = core;
  const login = new LoginDesk({ ...server, desk, pages: chat.sessions });
  const shared = {
    ...core,
    ...client,
    bounds,
    clock,
    connections,
    desk,
    ids,
    log,
    login,
    onDisconnect: () => core.recorder.noteDisconnect(),
    outbound,
    presence: chat.presence,
    tokens: tokenRefresher(desk),
    upgrade: denoUpgrade,
  };
  const rooms = new RoomEndpoint({
    ...shared,
    dialect: roomsDialect(client),
    gate: new RoomsGate({
      ...server,
      bounds,
      clock,
      desk,
      findRoom: (roomId) => core.registry.get(roomId),
    }),
  });
  const chats = new RoomEndpoint({
    ...shared,
    dialect: chatDialect(client),
    gate: new ChatGate({ bounds, clock, login, rooms: roomsOfUsers(core) }),
  });
  const presence = new PresenceEndpoint({
    ...shared,
    hub: chat.hub,
    links: chat.linkLookUp,
  });
  const devices = newDeviceEndpoint(shared, options, core);
  return {
    devices,
    sockets: [
      { path: "/ws/rooms/", endpoint: rooms },
      { path: "/ws/chat/", endpoint: chats },
      { path: "/ws/presence", endpoint: presence },
      { path: "/ws/devices", endpoint: devices },
      { path: "/ws/live/", endpoint: newLiveEndpoint(shared, options, core) },
    ],
  };
}

/** The rooms as users find them: one of devices that has ended never was. */
function roomsOfUsers({ chat: { rooms }, store }: Core): EnterableRooms {
  return {
    ...rooms,
    hasEnded: async (roomId) => {
      if (!await rooms.hasEnded(roomId)) return false;
      const room = await store.room(roomId);
      return room === undefined || isForUsers(room);
    },
  };
}

function tokenRefresher(desk: VisitorDesk): TokenRefresher {
  return {
    refresh: async ({ userId }, roomId, token) => {
      const claim = { userId, token, nickname: null, apiKey: null };
      return visitorOf(await desk.identify(claim), roomId);
    },
  };
}

/** What runs beside the requests, until it is stopped. */
interface Background {
  stop(): Promise<void>;
}

function startBackground(options: AppOptions, core: Core): Background {
  const { clock, config, cron, log } = options;
  const { callbacks, chat, devices, metrics, recorder, registry } = core;
  const { retention, runs } = callbacks;
  const aborter = new AbortController();
  const { signal } = aborter;
  const jobs = startJobs(cron, [
    flushJob(recorder, log),
    linksJob(chat.links, log),
    aliveJob(core.store, clock),
    deviceStatusJob({ ...options, ...devices, rooms: () => registry.all() }),
    ...callbackJobs(runs, retention),
  ], { signal, log });
  const tasks = [
    ...callbackTasks(runs, config.callback),
    cleanupTask(chat.cleanup),
    roomPurgeTask(chat.purge),
  ];
  const intervals = startIntervals(cron, tasks, { signal, clock, log });
  callbacks.start();
  const lag = watchLoopLag(clock, (lagMs) => {
    metrics.loopLagSeconds.observe(lagMs / 1000);
  });
  return {
    stop: async () => {
      lag[Symbol.dispose]();
      aborter.abort();
      await jobs;
      await intervals;
    },
  };
}

interface Running extends AppOptions {
  readonly background: Background;
  readonly connections: ConnectionTable;
  readonly core: Core;
  readonly ports: Ports;
}

async function stopApp(running: Running): Promise<void> {
  const { clock, config, log } = running;
  const totalMs = config.server.shutdownMsMax;
  log.info("Stopping", { event: "server_stopping" });
  if (await isInTime(clock, totalMs, stopInOrder(running, totalMs))) {
    return log.info("Stopped", { event: "server_stopped" });
  }
  log.error(`Stopped after ${totalMs} ms, before all was done`, {
    event: "server_stop_cut_short",
  });
}

async function stopInOrder(running: Running, totalMs: number): Promise<void> {
  const { background, clock, connections, core, ids, ports } = running;
  // Both end by themselves, and beside each other.
  const links = core.supervisor.stop();
  await isInTime(clock, totalMs * JOBS_SHARE, background.stop());
  core.edge.isDraining = true;
  const totalMsMax = totalMs * DRAIN_SHARE;
  await drain({ connections, clock, ids, totalMsMax });
  const faces = Promise.all([closePorts(ports), links]).then(() => {});
  await isInTime(clock, totalMs * REQUEST_SHARE, faces);
  await core.scheduler.idle();
  await core.stop({
    flushMsMax: totalMs * FLUSH_SHARE,
    callbackMsMax: totalMs * CALLBACK_SHARE,
  });
}

async function closePorts(ports: Ports): Promise<void> {
  await Promise.all(ports.map((port) => port?.stop()));
}

/** Waits for what may hang; `false` when it took too long. */
function isInTime(
  clock: Clock,
  msMax: number,
  work: Promise<void>,
): Promise<boolean> {
  return inTime(work.then(() => true), { clock, msMax, late: false });
}
