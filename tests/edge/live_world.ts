/**
 * The viewers' edge over one live room.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { LiveViews } from "../../src/edge/live_attendance.ts";
import { LiveDialects } from "../../src/edge/live_dialects.ts";
import { LiveEndpoint } from "../../src/edge/live_endpoint.ts";
import { LiveGate } from "../../src/edge/live_gate.ts";
import type { Knock } from "../../src/edge/gate.ts";
import type { RoomOptions, RoomStart } from "../../src/room/room_state.ts";
import { liveDialect } from "../../src/wire/live_dialect.ts";
import { countingIds } from "../room/fixture.ts";
import type { WorldOptions } from "../room/actor_world.ts";
import { newLinkStatus, NO_LIVE_STATS } from "../support/fake_live_desk.ts";
import type { FakeSocket } from "../support/fake_socket.ts";
import type { Frame } from "../support/ws_client.ts";
import {
  CLIENT_LIMITS,
  type EdgeLink,
  type EdgeOptions,
  EdgeWorld,
} from "./edge_world.ts";

/** The live id of the world's room. */
export const LIVE_ID = "777";

/** What a test may set. */
export interface LiveWorldOptions {
  readonly start?: Partial<RoomStart>;
  readonly options?: Partial<RoomOptions>;
  readonly world?: WorldOptions;
  readonly gate?: EdgeOptions["gate"];
}

/** What an upgrade asks for. */
export interface LiveKnock {
  readonly liveId?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ip?: string;
}

/** One viewer's end of a connection. */
export class ViewerLink {
  readonly #link: EdgeLink;

  constructor(link: EdgeLink) {
    this.#link = link;
  }

  get socket(): FakeSocket {
    return this.#link.socket;
  }

  get isBatched(): boolean {
    return this.#link.options.isBatched;
  }

  open(): void {
    this.#link.options.events.onOpen();
  }

  say(frame: unknown): void {
    this.#link.options.events.onText(JSON.stringify(frame));
  }

  /** The connection ends without a word. */
  drop(): void {
    this.#link.options.events.onClose(1006);
  }

  /** What was sent to the viewer since the last call. */
  heard(): Frame[] {
    return this.socket.texts.splice(0).map((text) => JSON.parse(text));
  }

  /** The same, each as its type and its code or number, if it has one. */
  words(): string[] {
    return this.heard().map(({ code, seq, type }) =>
      [type, code ?? seq].filter((word) => word !== undefined).join(" ")
    );
  }

  /** With which code and reason the server closed. */
  get closes(): string[] {
    return this.socket.closes.map(({ code, reason }) => `${code} ${reason}`);
  }
}

export class LiveWorld implements Disposable {
  readonly edge: EdgeWorld;
  readonly gate: LiveGate;
  readonly endpoint: LiveEndpoint;
  /** How the link stands; `undefined` is none. */
  view: ReturnType<LiveViews["view"]> = {
    status: newLinkStatus(LIVE_ID),
    stats: NO_LIVE_STATS,
  };
  disconnectCount = 0;

  constructor({ gate = {}, options, start, world }: LiveWorldOptions = {}) {
    this.edge = new EdgeWorld({
      gate,
      world: {
        ...world,
        start: {
          kind: "live",
          live: { liveId: LIVE_ID },
          adminUserIds: [],
          ...start,
        },
        options: { chatIntervalMs: 0, isLiveChatOpen: true, ...options },
      },
    });
    const { bounds, desk, login, world: rooms } = this.edge;
    const { actor, clock } = rooms;
    this.gate = new LiveGate({
      bounds,
      clock,
      desk,
      ids: countingIds(),
      login,
      findRoom: (liveId) => liveId === LIVE_ID ? actor : undefined,
    });
    this.endpoint = new LiveEndpoint({
      ...this.edge.reception,
      dialects: new LiveDialects({
        make: (liveId) => liveDialect({ ...CLIENT_LIMITS, liveId }),
      }),
      gate: this.gate,
      onDisconnect: () => this.disconnectCount += 1,
      outbound: { softBytesMax: 100_000, hardBytesMax: 200_000 },
      views: { view: (liveId) => liveId === LIVE_ID ? this.view : undefined },
    });
  }

  ask(knock?: LiveKnock): Promise<Response> {
    return this.endpoint.answer(newLiveKnock(knock));
  }

  /** Upgrades, without the socket being open yet. */
  async upgrade(knock?: LiveKnock): Promise<ViewerLink> {
    const response = await this.ask(knock);
    assert.equal(await response.text(), "upgraded");
    const link = this.edge.links.at(-1);
    assert(link);
    return new ViewerLink(link);
  }

  /** Begins to watch. */
  async watch(knock?: LiveKnock): Promise<ViewerLink> {
    const link = await this.upgrade(knock);
    link.open();
    await this.settle();
    return link;
  }

  /** Has the operator say so many things in the room. */
  async notices(count: number): Promise<void> {
    const { actor } = this.edge.world;
    const said = Array.from(
      { length: count },
      () => actor.operate({ type: "system", message: "hello" }),
    );
    await this.settle();
    await Promise.all(said);
  }

  settle(): Promise<void> {
    return this.edge.world.settle();
  }

  [Symbol.dispose](): void {
    this.edge[Symbol.dispose]();
  }
}

/** A request for a connection. */
export function newLiveKnock(
  { headers = {}, ip = "10.0.0.1", liveId = LIVE_ID, query = {} }: LiveKnock =
    {},
): Knock {
  const said = new URLSearchParams(query);
  const url = new URL(`http://parlor.test/ws/live/${liveId}?${said}`);
  const request = new Request(url, {
    headers: { upgrade: "websocket", ...headers },
  });
  return { request, url, roomId: liveId, ip };
}
