/**
 * The devices' edge over one room, with an assigner in the test's hand.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Assignment, Opens } from "../../src/device/assigner.ts";
import { DeviceConnections } from "../../src/device/device_connections.ts";
import { DeviceDialects } from "../../src/edge/device_dialects.ts";
import {
  DeviceEndpoint,
  type DeviceEndpointOptions,
} from "../../src/edge/device_endpoint.ts";
import type { DeviceProof, DeviceRoom } from "../../src/edge/device_ports.ts";
import { DeviceProver } from "../../src/edge/device_prover.ts";
import type { Call } from "../../src/edge/gate.ts";
import { ApiKey } from "../../src/identity/api_key.ts";
import { TokenVerifier } from "../../src/identity/token_verifier.ts";
import type { JoinReply } from "../../src/room/room_input.ts";
import type { DeviceIdentity } from "../../src/wire/device.ts";
import { devicesDialect } from "../../src/wire/devices_dialect.ts";
import type { WorldOptions } from "../room/actor_world.ts";
import type { FakeSocket } from "../support/fake_socket.ts";
import type { Frame } from "../support/ws_client.ts";
import {
  CLIENT_LIMITS,
  EDGE_KEY,
  type EdgeLink,
  EdgeWorld,
} from "./edge_world.ts";

/** How long a device may take to say who it is, in ms. */
export const IDENTITY_MS = 10_000;

/** Nothing vouches for it, and nothing has to. */
export const UNPROVEN: DeviceProof = {
  isProven: false,
  isTokenAdmin: false,
  expiresAt: null,
  rooms: null,
};

/** What a test may set. */
export interface DeviceWorldOptions {
  readonly world?: WorldOptions;
  readonly isTokenRequired?: boolean;
  readonly endpoint?: Partial<DeviceEndpointOptions>;
}

/** What an upgrade asks for. */
export interface DeviceCall {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A test's own room, in place of the world's. */
export class FakeRoom implements DeviceRoom {
  readonly id: string;
  readonly log: DeviceRoom["log"];
  /** Everything that was offered. */
  readonly inputs: Parameters<DeviceRoom["offer"]>[0][] = [];
  readonly state: DeviceRoom["state"];
  isFull = false;

  constructor(
    id: string,
    log: DeviceRoom["log"],
    originId: string | null = null,
  ) {
    this.id = id;
    this.log = log;
    this.state = { device: { originId } };
  }

  offer(input: Parameters<DeviceRoom["offer"]>[0]): boolean {
    if (!this.isFull) this.inputs.push(input);
    return !this.isFull;
  }

  submit(): void {}

  /** The kinds of what was offered. */
  get kinds(): string[] {
    return this.inputs.map(({ kind }) => kind);
  }

  /** What the last join is answered with. */
  get reply(): JoinReply {
    const input = this.inputs.findLast(({ kind }) => kind === "join");
    assert(input?.kind === "join" && input.reply);
    return input.reply;
  }
}

/** One device's end of a connection. */
export class DeviceLink {
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

  /** Sends a text frame, as JSON unless it is text already. */
  say(frame: unknown): void {
    const text = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.#link.options.events.onText(text);
  }

  sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#link.options.events.onBinary(bytes);
  }

  /** The connection ends without a word. */
  drop(): void {
    this.#link.options.events.onClose(1006);
  }

  /** What was sent to the device since the last call. */
  heard(): Frame[] {
    return this.socket.texts.splice(0).map((text) => JSON.parse(text));
  }

  /** The same, each as its type and its code, status or neither. */
  words(): string[] {
    return this.heard().map(({ code, status, type }) =>
      [type, code ?? status].filter((word) => word !== undefined).join(" ")
    );
  }

  /** With which code and reason the server closed. */
  get closes(): string[] {
    return this.socket.closes.map(({ code, reason }) => `${code} ${reason}`);
  }
}

export class DeviceWorld implements Disposable {
  readonly edge: EdgeWorld;
  readonly connections = new DeviceConnections();
  readonly endpoint: DeviceEndpoint;
  /** Who was assigned a room, in order. */
  readonly asked: DeviceIdentity[] = [];
  /** Who is at home where, in the order in which it was noted. */
  readonly homes: string[] = [];
  /** The endpoint's reception, for a port of a test's own. */
  readonly options: DeviceEndpointOptions;
  disconnectCount = 0;
  readonly #proofs: Promise<DeviceProof>[] = [];
  /** Where a device is put. */
  assign: (
    identity: DeviceIdentity,
    opens: Opens,
  ) => Promise<Assignment<DeviceRoom>> = () =>
    Promise.resolve({ room: this.edge.world.actor, status: "created_new" });

  constructor(
    { endpoint, isTokenRequired = false, world }: DeviceWorldOptions = {},
  ) {
    const start = { kind: "device", device: { originId: null } } as const;
    this.edge = new EdgeWorld({
      world: { ...world, start: { ...start, ...world?.start } },
    });
    const { clock } = this.edge.world;
    const key = new TextEncoder().encode("k".repeat(32));
    const verifier = new TokenVerifier({ key, limits: CLIENT_LIMITS, clock });
    const prover = new DeviceProver({ verifier, isTokenRequired });
    this.options = {
      ...this.edge.reception,
      allowedOrigins: [],
      apiKey: new ApiKey(EDGE_KEY),
      devices: {
        assigner: {
          assign: (identity, opens) => {
            this.asked.push(identity);
            return this.assign(identity, opens);
          },
        },
        connections: this.connections,
        homes: {
          note: (deviceId, roomId) => {
            this.homes.push(`${deviceId} in ${roomId}`);
          },
        },
      },
      dialects: new DeviceDialects((features) =>
        devicesDialect({ ...features, isStamped: false })
      ),
      identityMsMax: IDENTITY_MS,
      newRoomId: () => "ADRIFT00",
      onDisconnect: () => this.disconnectCount += 1,
      prover: {
        prove: (token, deviceId) => {
          const proof = prover.prove(token, deviceId);
          this.#proofs.push(proof);
          return proof;
        },
      },
      ...endpoint,
    };
    this.endpoint = new DeviceEndpoint(this.options);
  }

  /** A room of the test's own, where every device is put from now on. */
  fakeRoom(id = "FAKE0000", originId: string | null = null): FakeRoom {
    const room = new FakeRoom(id, this.edge.world.actor.log, originId);
    this.assign = () => Promise.resolve({ room, status: "joined_existing" });
    return room;
  }

  ask(call?: DeviceCall): Promise<Response> {
    return this.endpoint.answer(newCall(call));
  }

  /** Upgrades, without the socket being open yet. */
  async upgrade(call?: DeviceCall): Promise<DeviceLink> {
    const response = await this.ask(call);
    assert.equal(await response.text(), "upgraded");
    const link = this.edge.links.at(-1);
    assert(link);
    return new DeviceLink(link);
  }

  /** Connects, and hears the greeting. */
  async connect(call?: DeviceCall): Promise<DeviceLink> {
    const link = await this.upgrade(call);
    link.open();
    assert.deepEqual(link.words(), ["connection"]);
    return link;
  }

  /** Connects, says who it is, and waits for what comes of it. */
  async enter(deviceId: string, call?: DeviceCall): Promise<DeviceLink> {
    const link = await this.connect(call);
    link.say(identityOf(deviceId));
    await this.settle();
    return link;
  }

  /** Waits for tokens, which are checked on another thread, and for rooms. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#proofs);
    await this.edge.world.settle();
  }

  [Symbol.dispose](): void {
    this.edge[Symbol.dispose]();
  }
}

/** The first frame of a device. */
export function identityOf(
  deviceId: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { "device_id": deviceId, identity: "sensor", ...more };
}

/** A request for a connection. */
export function newCall({ headers = {}, query = "" }: DeviceCall = {}): Call {
  const url = new URL(`http://parlor.test/ws/devices?${query}`);
  const request = new Request(url, {
    headers: { upgrade: "websocket", ...headers },
  });
  return { request, url, ip: "10.0.0.1" };
}
