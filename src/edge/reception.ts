/**
 * From a request that was let in to an open connection, whatever it is for.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { Dialect } from "../wire/dialect.ts";
import { BATCH_PROTOCOL } from "./batch_protocol.ts";
import type { ConnectionTable } from "./connection_table.ts";
import type { Upgrade } from "./deno_socket.ts";
import { FrameGate } from "./frame_gate.ts";
import type { Call } from "./gate.ts";
import { Heartbeats } from "./heartbeats.ts";
import { Opening } from "./opening.ts";
import type { OutboundLimits } from "./outbound.ts";
import type { PresencePort } from "./presence_port.ts";
import { knownRefusal, refusalResponse } from "./refusal.ts";
import type { ServerBounds } from "./server_bounds.ts";
import type { FrameSink, Socket } from "./socket.ts";
import { SocketSession } from "./socket_session.ts";
import type { Visitor } from "./visitor.ts";

/** What every connection of one endpoint shares. */
export interface ReceptionOptions {
  readonly bounds: ServerBounds;
  readonly dialect: Dialect;
  readonly upgrade: Upgrade;
  readonly connections: ConnectionTable;
  readonly presence: PresencePort;
  readonly frameBytesMax: number;
  readonly outbound: OutboundLimits;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What a connection is for. */
export interface Attendance extends FrameSink {
  /** The socket is open, and the session not gone. */
  onOpen(): void;
  /** The session is gone; `room` if the room itself broke it off. */
  onGone(closeCode: number, cause: "room" | "edge"): void;
}

/** Who comes in, and what for. */
export interface Arrival {
  readonly visitor: Visitor;
  /** Where to; `null` is no room. */
  readonly roomId: string | null;
  /** A variant of the endpoint's dialect; absent is that dialect. */
  readonly dialect?: Dialect;
  /** Whether batches are asked for in another way than by the subprotocol. */
  readonly isBatched?: boolean;
  /** Bounds on what waits to be sent; absent are the endpoint's. */
  readonly outbound?: OutboundLimits;
  readonly attend: (session: SocketSession) => Attendance;
}

/**
 * How long an upgraded socket may take to open, in ms. Of a peer that hung up
 * before it did, the runtime never tells: its place would be lost for good.
 */
export const OPEN_MS_MAX = 10_000;

/** The code of an end without a closing handshake (RFC 6455 §7.1.5). */
const ABNORMAL_CLOSURE = 1006;

/** Opens the connections of one endpoint. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #heartbeats: Heartbeats;

  constructor(options: ReceptionOptions) {
    this.#options = options;
    this.#heartbeats = new Heartbeats(options);
  }

  /** Upgrades a request once it is admitted, or answers why not. */
  async answer(call: Call, admit: () => Promise<Arrival>): Promise<Response> {
    try {
      return this.#open(call, await admit());
    } catch (error) {
      const refusal = knownRefusal(error);
      if (refusal === undefined) throw error;
      this.#options.metrics.refusals.inc({ code: refusal.code });
      return refusalResponse(refusal);
    }
  }

  #open({ request, ip }: Call, arrival: Arrival): Response {
    const { bounds, connections, upgrade } = this.#options;
    const hasProtocol = asksFor(request, BATCH_PROTOCOL);
    const isBatched = hasProtocol || arrival.isBatched === true;
    const opening = new Opening();
    bounds.requirePlace(ip);
    connections.reserve(ip);
    try {
      const { response, socket } = upgrade(request, {
        protocol: hasProtocol ? BATCH_PROTOCOL : undefined,
        isBatched,
        events: opening,
      });
      this.#connect({ ...arrival, socket, isBatched, ip, opening });
      return response;
    } catch (error) {
      connections.release(ip);
      throw error;
    }
  }

  #connect(link: Link): void {
    // What is kept for each connection is named one by one: a copy of all
    // options would be most of what a connection costs here.
    const { clock, connections, frameBytesMax, ids, metrics } = this.#options;
    const { isBatched, ip, opening, socket } = link;
    const session: SocketSession = new SocketSession({
      clock,
      metrics,
      dialect: link.dialect ?? this.#options.dialect,
      identity: { ...link.visitor, id: ids.uuid(), ip },
      socket,
      isBatched,
      limits: link.outbound ?? this.#options.outbound,
      onGone: (closeCode, cause) => {
        connections.remove(session);
        connections.release(ip);
        stay?.[Symbol.dispose]();
        patience[Symbol.dispose]();
        gate[Symbol.dispose]();
        attendance.onGone(closeCode, cause);
      },
    });
    connections.add(session);
    const attendance = link.attend(session);
    const gate = new FrameGate({ session, frameBytesMax, clock, metrics });
    let stay: Disposable | undefined;
    const patience = clock.after(OPEN_MS_MAX, () => {
      session.lost(ABNORMAL_CLOSURE);
      connections.closed(session);
    });
    opening.bind({
      onOpen: () => {
        patience[Symbol.dispose]();
        // The server may have begun to stop since the upgrade.
        if (session.isGone) return;
        stay = this.#begin(session, link.roomId);
        attendance.onOpen();
      },
      onText: (text) => {
        if (gate.admits(text)) attendance.onText(text);
      },
      onBinary: (bytes) => {
        if (gate.admits(bytes)) attendance.onBinary(bytes);
      },
      onClose: (code) => {
        session.lost(code);
        connections.closed(session);
      },
    });
  }

  /** Lets it be known that the user is there, until the handle is disposed. */
  #begin(session: SocketSession, roomId: string | null): Disposable {
    const { presence } = this.#options;
    const { id, nickname, userId } = session;
    presence.connect({ id, userId, nickname, roomId });
    const beat = this.#heartbeats.add(session);
    return {
      [Symbol.dispose]: () => {
        beat[Symbol.dispose]();
        presence.disconnect(id);
      },
    };
  }
}

interface Link extends Arrival {
  readonly socket: Socket;
  readonly isBatched: boolean;
  readonly ip: string;
  readonly opening: Opening;
}

function asksFor(request: Request, protocol: string): boolean {
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  return offered.split(",").some((one) => one.trim() === protocol);
}
