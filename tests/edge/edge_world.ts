/**
 * The edge over one room, with sockets that a test opens and closes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ChatGate, type EnterableRooms } from "../../src/edge/chat_gate.ts";
import { ConnectionTable } from "../../src/edge/connection_table.ts";
import type { TokenRefresher } from "../../src/edge/conversation.ts";
import type { UpgradeOptions } from "../../src/edge/deno_socket.ts";
import type { Knock } from "../../src/edge/gate.ts";
import { LoginDesk } from "../../src/edge/login_desk.ts";
import {
  type LinkLookUp,
  PresenceEndpoint,
} from "../../src/edge/presence_endpoint.ts";
import { PushHub } from "../../src/edge/push_hub.ts";
import type { ReceptionOptions } from "../../src/edge/reception.ts";
import { RoomEndpoint } from "../../src/edge/room_endpoint.ts";
import { RoomsGate } from "../../src/edge/rooms_gate.ts";
import { ServerBounds } from "../../src/edge/server_bounds.ts";
import { VisitorDesk } from "../../src/edge/visitor.ts";
import { ApiKey } from "../../src/identity/api_key.ts";
import {
  PAGE_COOKIE,
  type PageSession,
  pageSessionKey,
  PageSessions,
} from "../../src/identity/page_session.ts";
import { TokenMinter } from "../../src/identity/token_minter.ts";
import { TokenVerifier } from "../../src/identity/token_verifier.ts";
import { chatDialect } from "../../src/wire/chat_dialect.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { ActorWorld, type WorldOptions } from "../room/actor_world.ts";
import { countingIds } from "../room/fixture.ts";
import { FakePresence } from "../support/fake_presence.ts";
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

/** Whom the server knows, and what it takes. */
interface EdgeSettings {
  readonly connectionsMax?: number;
  readonly connectionsPerIpMax?: number;
  readonly allowedOrigins?: readonly string[];
  readonly isTokenRequired?: boolean;
  readonly trustUserIds?: boolean;
}

/** What a test may set. */
export interface EdgeOptions {
  readonly world?: WorldOptions;
  readonly gate?: EdgeSettings;
  readonly rooms?: Partial<EnterableRooms>;
  readonly links?: LinkLookUp;
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
  readonly presence = new FakePresence();
  readonly connections: ConnectionTable;
  readonly bounds: ServerBounds;
  readonly desk: VisitorDesk;
  readonly login: LoginDesk;
  readonly minter: TokenMinter;
  readonly pages: PageSessions;
  readonly gate: RoomsGate;
  readonly chatGate: ChatGate;
  readonly hub = new PushHub();
  /** `/ws/rooms/`. */
  readonly endpoint: RoomEndpoint;
  /** `/ws/chat/`. */
  readonly chat: RoomEndpoint;
  /** `/ws/presence`. */
  readonly lounge: PresenceEndpoint;
  /** What every endpoint is made of. */
  readonly reception: Omit<ReceptionOptions, "dialect">;
  /** Connections in the order of their upgrade. */
  readonly links: EdgeLink[] = [];
  disconnectCount = 0;

  constructor(options: EdgeOptions = {}) {
    const { gate = {}, links = NO_LINKS, onUpgrade = () => {}, rooms } =
      options;
    this.world = new ActorWorld(options.world);
    const { clock, log, metrics } = this.world;
    const { allowedOrigins = [] } = gate;
    const key = new TextEncoder().encode("k".repeat(32));
    this.connections = new ConnectionTable({ metrics, edge: this.facts });
    this.minter = new TokenMinter(key, clock);
    this.pages = new PageSessions({
      key: pageSessionKey({ adminApiKey: EDGE_KEY }),
      limits: CLIENT_LIMITS,
      clock,
    });
    this.desk = new VisitorDesk({
      verifier: new TokenVerifier({ key, limits: CLIENT_LIMITS, clock }),
      apiKey: new ApiKey(EDGE_KEY),
      isTokenRequired: false,
      trustUserIds: false,
      ...CLIENT_LIMITS,
      ...gate,
    });
    const { connections, desk, pages } = this;
    this.bounds = new ServerBounds({
      connections,
      connectionsMax: 10,
      connectionsPerIpMax: 0,
      isDraining: () => this.facts.isDraining,
      ...gate,
    });
    const { bounds } = this;
    this.login = new LoginDesk({ allowedOrigins, desk, pages });
    const { login } = this;
    const findRoom = (roomId: string) =>
      roomId === "r" ? this.world.actor : undefined;
    this.gate = new RoomsGate({
      allowedOrigins,
      bounds,
      clock,
      desk,
      findRoom,
    });
    this.chatGate = new ChatGate({
      bounds,
      clock,
      login,
      rooms: {
        find: findRoom,
        hasEnded: () => Promise.resolve(false),
        makePublic: () => undefined,
        ...rooms,
      },
    });
    this.reception = {
      bounds,
      connections,
      upgrade: (_request, options) => {
        onUpgrade();
        const socket = new FakeSocket();
        this.links.push({ socket, options });
        return { response: new Response("upgraded"), socket };
      },
      presence: this.presence,
      frameBytesMax: CLIENT_LIMITS.frameBytesMax,
      outbound: { softBytesMax: 1000, hardBytesMax: 2000 },
      clock,
      ids: countingIds(),
      metrics,
      log,
    };
    const shared = {
      ...this.reception,
      tokens: NO_TOKENS,
      onDisconnect: () => this.disconnectCount += 1,
    };
    this.endpoint = new RoomEndpoint({
      ...shared,
      dialect: roomsDialect(CLIENT_LIMITS),
      gate: this.gate,
    });
    this.chat = new RoomEndpoint({
      ...shared,
      dialect: chatDialect(CLIENT_LIMITS),
      gate: this.chatGate,
    });
    this.lounge = new PresenceEndpoint({
      ...this.reception,
      hub: this.hub,
      links,
      login,
      presence: this.presence,
    });
  }

  /** Knocks, as `userId` unless the query says otherwise. */
  knock(userId: string, options?: KnockOptions): Promise<Response> {
    return this.#endpointOf(options).answer(newKnock(userId, options));
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

  /** The `Cookie` of a user who has logged in on a page. */
  async cookie(session: Partial<PageSession> = {}): Promise<string> {
    const value = await this.pages.seal({ ...PAGE_USER, ...session });
    return `theme=dark; ${PAGE_COOKIE}=${value}`;
  }

  #endpointOf({ at = "rooms" }: KnockOptions = {}) {
    switch (at) {
      case "rooms":
        return this.endpoint;
      case "chat":
        return this.chat;
      case "presence":
        return this.lounge;
    }
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]();
  }
}

/** Who logs in on a page unless a test says otherwise. */
const PAGE_USER: PageSession = {
  userId: "pia",
  nickname: "Pia",
  isProven: false,
  rooms: null,
  admin: false,
  expiresAt: null,
};

const NO_PROOF = { isProven: false, isTokenAdmin: false, expiresAt: null };
const NO_TOKENS: TokenRefresher = {
  refresh: () => Promise.resolve(NO_PROOF),
};
const NO_LINKS: LinkLookUp = { linkFrame: () => Promise.resolve(null) };

/** What a knock says. */
export interface KnockOptions {
  readonly at?: "rooms" | "chat" | "presence";
  readonly roomId?: string;
  readonly ip?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request to join room `r`. */
export function newKnock(
  userId: string,
  { at = "rooms", roomId = "r", ip = "10.0.0.1", query, headers = {} }:
    KnockOptions = {},
): Knock {
  const said = new URLSearchParams(
    query ?? { "user_id": userId, nickname: userId },
  );
  const url = new URL(`http://parlor.test/ws/${at}/${roomId}?${said}`);
  const request = new Request(url, {
    headers: { upgrade: "websocket", ...headers },
  });
  return { request, url, roomId, ip };
}

/** The types of the frames that a socket was sent. */
export function typesOf({ texts }: FakeSocket): string[] {
  return texts.map((text) => JSON.parse(text).type);
}
