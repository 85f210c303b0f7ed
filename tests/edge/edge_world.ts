/**
 * The edge over one room, with sockets that a test opens and closes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ConnectionTable } from "../../src/edge/connection_table.ts";
import type { TokenRefresher } from "../../src/edge/conversation.ts";
import type { UpgradeOptions } from "../../src/edge/deno_socket.ts";
import { Gate, type GateOptions, type Knock } from "../../src/edge/gate.ts";
import { RoomsEndpoint } from "../../src/edge/rooms_endpoint.ts";
import { VisitorDesk } from "../../src/edge/visitor.ts";
import { ApiKey } from "../../src/identity/api_key.ts";
import { TokenMinter } from "../../src/identity/token_minter.ts";
import { TokenVerifier } from "../../src/identity/token_verifier.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { ActorWorld, type WorldOptions } from "../room/actor_world.ts";
import { countingIds } from "../room/fixture.ts";
import { FakeSocket } from "../support/fake_socket.ts";

/** Bounds small enough to be met. */
export const CLIENT_LIMITS = {
  frameBytesMax: 1024,
  contentCharsMax: 100,
  nicknameCharsMax: 10,
  userIdCharsMax: 10,
};

/** The operator's key. */
export const EDGE_KEY = "a-key-for-the-edge";

/** What a test may set. */
export interface EdgeOptions {
  readonly world?: WorldOptions;
  readonly gate?: Partial<GateOptions>;
  /** Called in place of the handshake's end. */
  readonly onUpgrade?: () => void;
}

/** One upgraded connection. */
export interface EdgeLink {
  readonly socket: FakeSocket;
  readonly options: UpgradeOptions;
}

export class EdgeWorld implements Disposable {
  readonly world: ActorWorld;
  readonly facts = { connectionCount: 0, isDraining: false };
  readonly connections: ConnectionTable;
  readonly desk: VisitorDesk;
  readonly minter: TokenMinter;
  readonly gate: Gate;
  readonly endpoint: RoomsEndpoint;
  /** Connections in the order of their upgrade. */
  readonly links: EdgeLink[] = [];
  disconnectCount = 0;

  constructor({ world, gate, onUpgrade = () => {} }: EdgeOptions = {}) {
    this.world = new ActorWorld(world);
    const { clock, log, metrics } = this.world;
    const key = new TextEncoder().encode("k".repeat(32));
    this.connections = new ConnectionTable({ metrics, edge: this.facts });
    this.minter = new TokenMinter(key, clock);
    this.desk = new VisitorDesk({
      verifier: new TokenVerifier({ key, limits: CLIENT_LIMITS, clock }),
      apiKey: new ApiKey(EDGE_KEY),
      isTokenRequired: false,
      trustUserIds: false,
      ...CLIENT_LIMITS,
    });
    this.gate = new Gate({
      clock,
      connections: this.connections,
      connectionsMax: 10,
      connectionsPerIpMax: 0,
      allowedOrigins: [],
      desk: this.desk,
      findRoom: (roomId) => roomId === "r" ? this.world.actor : undefined,
      isDraining: () => this.facts.isDraining,
      ...gate,
    });
    this.endpoint = new RoomsEndpoint({
      gate: this.gate,
      dialect: roomsDialect(CLIENT_LIMITS),
      upgrade: (_request, options) => {
        onUpgrade();
        const socket = new FakeSocket();
        this.links.push({ socket, options });
        return { response: new Response("upgraded"), socket };
      },
      connections: this.connections,
      tokens: NO_TOKENS,
      frameBytesMax: CLIENT_LIMITS.frameBytesMax,
      outbound: { softBytesMax: 1000, hardBytesMax: 2000 },
      clock,
      ids: countingIds(),
      metrics,
      log,
      onDisconnect: () => this.disconnectCount += 1,
    });
  }

  /** Knocks, as `userId` unless the query says otherwise. */
  knock(userId: string, options?: KnockOptions): Promise<Response> {
    return this.endpoint.answer(newKnock(userId, options));
  }

  /** Knocks, is let in, and opens the socket. */
  async enter(userId: string, options?: KnockOptions): Promise<EdgeLink> {
    const response = await this.knock(userId, options);
    assert.equal(await response.text(), "upgraded");
    const link = this.links.at(-1);
    assert(link);
    link.options.events.onOpen();
    await this.world.settle();
    return link;
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]();
  }
}

const NO_PROOF = { isProven: false, isTokenAdmin: false, expiresAt: null };
const NO_TOKENS: TokenRefresher = {
  refresh: () => Promise.resolve(NO_PROOF),
};

/** What a knock says. */
export interface KnockOptions {
  readonly roomId?: string;
  readonly ip?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request to join room `r`. */
export function newKnock(
  userId: string,
  { roomId = "r", ip = "10.0.0.1", query, headers = {} }: KnockOptions = {},
): Knock {
  const said = new URLSearchParams(
    query ?? { "user_id": userId, nickname: userId },
  );
  const url = new URL(`http://parlor.test/ws/rooms/${roomId}?${said}`);
  const request = new Request(url, {
    headers: { upgrade: "websocket", ...headers },
  });
  return { request, url, roomId, ip };
}

/** The types of the frames that a socket was sent. */
export function typesOf({ texts }: FakeSocket): string[] {
  return texts.map((text) => JSON.parse(text).type);
}
