/**
 * A server of live rooms: the example of README, and what links are tested
 * against. It speaks the shapes of COMPAT 4.3 at `/{live_id}`, tells a room's
 * status at `/status/{live_id}`, and misbehaves in the ways that it is told to.
 *
 * It is written down to the bytes, for a proper server cannot be made to hold a
 * connection that it neither reads nor closes.
 *
 * @module
 */

import { Inbox } from "./inbox.ts";
import { Chatter, TICK_MS } from "./live_chatter.ts";
import type { Misbehaviour } from "./live_misbehaviour.ts";
import { LivelyRoom } from "./lively_room.ts";
import { UpstreamConnection } from "./live_upstream_connection.ts";
import {
  httpAnswer,
  readRequest,
  upgradeAnswer,
  type UpstreamRequest,
} from "./live_upstream_wire.ts";
import { eventually } from "./within.ts";

/** Where the path of a status begins. */
const STATUS_PATH = "/status/";

/** How a server is started. */
export interface LiveUpstreamOptions {
  /** @default {"127.0.0.1"} */
  readonly hostname?: string;
  /** @default {0}, which is any that is free. */
  readonly port?: number;
  /** A certificate and its key, in PEM, for `wss:`. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Messages a second of each room, as of itself. @default {0} */
  readonly rate?: number;
  /** What chance begins with. @default {1} */
  readonly seed?: number;
  /**
   * A part of all ids: a server that is started again must not give those of
   * its last run, which would be taken for copies.
   */
  readonly run?: string;
  /** Is told of what happens to connections, a line each. */
  readonly onLine?: (line: string) => void;
}

interface Rule {
  readonly how: Misbehaviour;
  readonly liveId: string | undefined;
  timesLeft: number;
}

/** Starts to listen. */
export function startLiveUpstream(
  options: LiveUpstreamOptions = {},
): LiveUpstream {
  return new LiveUpstream(options);
}

/** A server that listens. */
export class LiveUpstream implements AsyncDisposable {
  readonly #options: LiveUpstreamOptions;
  readonly #listener: Deno.Listener;
  readonly #accepting: Promise<void>;
  readonly #serving = new Set<Promise<void>>();
  readonly #raw = new Set<Deno.Conn>();
  readonly #made = new Map<string, UpstreamConnection[]>();
  readonly #next = new Map<string, Inbox<UpstreamConnection>>();
  readonly #tried = new Map<string, number>();
  readonly #rooms = new Map<string, LivelyRoom>();
  readonly #statuses = new Map<string, unknown>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #over = Promise.withResolvers<void>();
  #rules: Rule[] = [];
  #turns: readonly Misbehaviour[] = [];
  #turnCount = 0;
  #rate: number;

  constructor(options: LiveUpstreamOptions) {
    this.#options = options;
    this.#rate = options.rate ?? 0;
    const { hostname = "127.0.0.1", port = 0, tls } = options;
    this.#listener = tls === undefined
      ? Deno.listen({ hostname, port })
      : Deno.listenTls({ hostname, port, ...tls });
    this.#accepting = this.#accept();
  }

  get port(): number {
    const { addr } = this.#listener;
    return addr.transport === "tcp" ? addr.port : 0;
  }

  /** Where a live room is, or the template of it. */
  url(liveId = "{live_id}"): string {
    const scheme = this.#options.tls === undefined ? "ws" : "wss";
    return `${scheme}://localhost:${this.port}/${liveId}`;
  }

  /** Where a live room's status is, or the template of it. */
  statusUrl(liveId = "{live_id}"): string {
    return `http://127.0.0.1:${this.port}${STATUS_PATH}${liveId}`;
  }

  /** Messages a second of each room from now on; 0 is silence. */
  setRate(rate: number): void {
    this.#rate = rate;
  }

  /** What a room's status is from now on; 0, live, without. */
  setStatus(liveId: string, status: unknown): void {
    this.#statuses.set(liveId, status);
  }

  /** What is done to the next connections, before earlier rules. */
  misbehave(
    how: Misbehaviour,
    { liveId, times = Infinity }: { liveId?: string; times?: number } = {},
  ): void {
    this.#rules.unshift({ how, liveId, timesLeft: times });
  }

  /** Does each of these to one connection after the other, for ever. */
  takeTurns(hows: readonly Misbehaviour[]): void {
    this.#turns = hows;
  }

  /** All that is told from now on is told properly. */
  behave(): void {
    this.#rules = [];
    this.#turns = [];
  }

  /** The connections to a room that became WebSockets, the first one first. */
  connections(liveId: string): readonly UpstreamConnection[] {
    return this.#made.get(liveId) ?? [];
  }

  /** How many of them are open now. */
  openCount(liveId: string): number {
    return this.connections(liveId).filter(({ isOpen }) => isOpen).length;
  }

  /** Handshakes for a room that came, refused ones too. */
  triedCount(liveId: string): number {
    return this.#tried.get(liveId) ?? 0;
  }

  /** Takes the next connection to a room, when it is there. */
  async connection(liveId: string): Promise<UpstreamConnection> {
    return await this.#inbox(liveId).take(() => true, `link to ${liveId}`);
  }

  /** Waits until so many handshakes for a room came. */
  async tried(liveId: string, count: number): Promise<void> {
    await eventually(() => this.triedCount(liveId) >= count, {
      what: () => `handshake ${count} of ${liveId}`,
    });
  }

  /** Waits until a room has no open connection. */
  async gone(liveId: string): Promise<void> {
    for (const connection of this.connections(liveId)) await connection.over();
  }

  /** Sends a message to all who listen to a room. */
  send(liveId: string, message: unknown): void {
    for (const connection of this.connections(liveId)) connection.send(message);
  }

  /** What a lively room has said so far. */
  saidCount(liveId: string): number {
    return this.#rooms.get(liveId)?.count ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#over.resolve();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const made of this.#made.values()) {
      for (const connection of made) connection.drop();
    }
    for (const raw of this.#raw) closeQuietly(raw);
    await this.#accepting;
    await Promise.all(this.#serving);
  }

  async #accept(): Promise<void> {
    for (;;) {
      let connection: Deno.Conn;
      try {
        connection = await this.#listener.accept();
      } catch (error) {
        if (error instanceof Deno.errors.BadResource) return;
        if (error instanceof Deno.errors.Interrupted) return;
        continue;
      }
      const serving = this.#serve(connection).catch(() => {});
      this.#serving.add(serving);
      serving.then(() => this.#serving.delete(serving));
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    this.#raw.add(connection);
    try {
      const request = await readRequest(connection);
      if (request !== undefined) await this.#answer(connection, request);
    } finally {
      this.#raw.delete(connection);
      closeQuietly(connection);
    }
  }

  async #answer(raw: Deno.Conn, request: UpstreamRequest): Promise<void> {
    if (request.path.startsWith(STATUS_PATH)) {
      const liveId = decodeURIComponent(request.path.slice(STATUS_PATH.length));
      const status = this.#statuses.has(liveId)
        ? this.#statuses.get(liveId)
        : 0;
      await raw.write(httpAnswer(200, { room: { status } }));
      return;
    }
    const liveId = decodeURIComponent(request.path.slice(1));
    this.#tried.set(liveId, this.triedCount(liveId) + 1);
    const how = this.#ruleFor(liveId);
    if (!await this.#shakeHands(raw, { request, how })) {
      return this.#say(`${liveId} refused: ${how?.kind}`);
    }
    const connection = new UpstreamConnection(raw, { liveId, request });
    this.#made.set(liveId, [...this.connections(liveId), connection]);
    this.#inbox(liveId).put(connection);
    this.#say(`${liveId} connected${how === undefined ? "" : `: ${how.kind}`}`);
    this.#start(connection, how);
    await connection.run();
    this.#say(`${liveId} gone`);
  }

  /** @returns whether it is a WebSocket now. */
  async #shakeHands(
    raw: Deno.Conn,
    { request, how }: {
      request: UpstreamRequest;
      how?: Misbehaviour | undefined;
    },
  ): Promise<boolean> {
    switch (how?.kind) {
      case "refuse":
        await raw.write(httpAnswer(how.status, { error: "not now" }));
        return false;
      case "no_http":
        await raw.write(new TextEncoder().encode("220 mail.example ready\r\n"));
        return false;
      case "slow":
        if (how.afterMs === undefined) {
          // Nothing comes but that the other side lets go.
          await raw.read(new Uint8Array(1)).catch(() => null);
          return false;
        }
        await Promise.race([this.#over.promise, this.#pass(how.afterMs)]);
    }
    await raw.write(upgradeAnswer(request));
    return true;
  }

  #start(connection: UpstreamConnection, how: Misbehaviour | undefined): void {
    switch (how?.kind) {
      case "half_open":
        return connection.freeze();
      case "stall":
        return;
      case "drop":
        this.#after(how.afterMs, () => connection.drop());
        break;
      case "close":
        this.#after(how.afterMs, () => connection.close(how.code, "bye"));
        break;
      case "end":
        this.#after(how.afterMs, () => {
          connection.send({ type: "control", status: "ended" });
        });
        break;
      case "garbage":
        connection.send('{"type":"chat","content":');
        connection.sendBinary(new Uint8Array([0xff, 0xfe, 0x00, 0x9c]));
    }
    this.#chatter(connection, how);
  }

  /** Has a lively room speak to a connection for as long as that is open. */
  #chatter(
    connection: UpstreamConnection,
    how: Misbehaviour | undefined,
  ): void {
    const chatter = new Chatter(this.#room(connection.liveId), connection, how);
    const tick = () => {
      if (!connection.isOpen) return;
      chatter.tick(this.#rate);
      this.#after(TICK_MS, tick);
    };
    tick();
  }

  #room(liveId: string): LivelyRoom {
    const known = this.#rooms.get(liveId);
    if (known !== undefined) return known;
    const { seed = 1, run } = this.#options;
    const idStart = run === undefined ? liveId : `${liveId}-${run}`;
    const room = new LivelyRoom(idStart, { seed, now: () => Date.now() });
    this.#rooms.set(liveId, room);
    return room;
  }

  #ruleFor(liveId: string): Misbehaviour | undefined {
    const rule = this.#rules.find((rule) =>
      rule.timesLeft > 0 && (rule.liveId ?? liveId) === liveId
    );
    if (rule === undefined) {
      return this.#turns[this.#turnCount++ % this.#turns.length];
    }
    rule.timesLeft--;
    return rule.how;
  }

  #inbox(liveId: string): Inbox<UpstreamConnection> {
    const known = this.#next.get(liveId);
    if (known !== undefined) return known;
    const inbox = new Inbox<UpstreamConnection>();
    this.#next.set(liveId, inbox);
    return inbox;
  }

  #after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.#after(ms, resolve));
  }

  #say(line: string): void {
    this.#options.onLine?.(line);
  }
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
