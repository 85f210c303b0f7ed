/**
 * `/ws/rooms/{room_id}`: from a request to a session in a room.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Metrics } from "../base/metrics.ts";
import type { ResumePoint } from "../room/room_input.ts";
import type { Dialect } from "../wire/dialect.ts";
import { ChatError, errorRow } from "../wire/errors.ts";
import type { ConnectionTable } from "./connection_table.ts";
import { Conversation, type TokenRefresher } from "./conversation.ts";
import type { Admission, Gate, Knock } from "./gate.ts";
import type { OutboundLimits } from "./outbound.ts";
import type { Socket, SocketEvents } from "./socket.ts";
import type { Upgrade } from "./deno_socket.ts";
import { SocketSession } from "./socket_session.ts";

/** A batched session gets one frame of newline-joined messages a turn. */
export const BATCH_PROTOCOL = "parlor.v1.batch";

/** The largest number that a client may name: `seq` stays far below. */
const SEQ_MAX = Number.MAX_SAFE_INTEGER;

export interface EndpointOptions {
  readonly gate: Gate;
  readonly dialect: Dialect;
  readonly upgrade: Upgrade;
  readonly connections: ConnectionTable;
  readonly tokens: TokenRefresher;
  readonly frameBytesMax: number;
  readonly outbound: OutboundLimits;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Called when a session is gone: what is pending may be written. */
  readonly onDisconnect: () => void;
}

/** Answers the upgrades of the rooms dialect. */
export class RoomsEndpoint {
  readonly #options: EndpointOptions;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /** Upgrades a request, or answers why not. */
  async answer(knock: Knock): Promise<Response> {
    try {
      const admission = await this.#options.gate.admit(knock);
      return this.#open(knock, admission, resumePointOf(knock.url));
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#options.metrics.refusals.inc({ code: error.code });
      return refusalResponse(error);
    }
  }

  #open(
    knock: Knock,
    admission: Admission,
    resume: ResumePoint | null,
  ): Response {
    const { request, ip } = knock;
    const { connections, gate, upgrade } = this.#options;
    const isBatched = asksFor(request, BATCH_PROTOCOL);
    const opening = new Opening();
    gate.requirePlace(knock);
    connections.reserve(ip);
    try {
      const { response, socket } = upgrade(request, {
        protocol: isBatched ? BATCH_PROTOCOL : undefined,
        isBatched,
        events: opening,
      });
      this.#connect({ admission, socket, isBatched, ip, resume, opening });
      return response;
    } catch (error) {
      connections.release(ip);
      throw error;
    }
  }

  #connect(link: Link): void {
    const { connections, ids } = this.#options;
    const { actor, visitor } = link.admission;
    const identity = { ...visitor, id: ids.uuid(), ip: link.ip };
    const session = new SocketSession({
      ...this.#options,
      identity,
      socket: link.socket,
      isBatched: link.isBatched,
      limits: this.#options.outbound,
      onGone: (closeCode, cause) => {
        connections.remove(session);
        connections.release(link.ip);
        // What the room itself broke off it has removed already.
        if (cause === "edge") {
          actor.offer({ kind: "leave", session, closeCode });
        }
        this.#options.onDisconnect();
      },
    });
    connections.add(session);
    const talk = new Conversation({ ...this.#options, actor, session });
    link.opening.bind({
      onOpen: () => {
        // The server may have begun to stop since the upgrade.
        if (session.isGone) return;
        const isOffered = actor.offer({
          kind: "join",
          session,
          resume: link.resume,
        });
        if (isOffered) return;
        session.tell({ type: "error", code: "busy", retryAfterMs: 1000 });
        session.breakOff("busy");
      },
      onText: (text) => talk.onText(text),
      onBinary: (byteCount) => talk.onBinary(byteCount),
      onClose: (code) => {
        session.lost(code);
        connections.closed(session);
      },
    });
  }
}

interface Link {
  readonly admission: Admission;
  readonly socket: Socket;
  readonly isBatched: boolean;
  readonly ip: string;
  readonly resume: ResumePoint | null;
  readonly opening: Opening;
}

/** Events of a socket whose session is made after it. */
class Opening implements SocketEvents {
  #events: SocketEvents | undefined;

  bind(events: SocketEvents): void {
    this.#events = events;
  }

  onOpen(): void {
    this.#events?.onOpen();
  }

  onText(text: string): void {
    this.#events?.onText(text);
  }

  onBinary(byteCount: number): void {
    this.#events?.onBinary(byteCount);
  }

  onClose(code: number): void {
    this.#events?.onClose(code);
  }
}

/** A refused upgrade (COMPAT 2.2: `{"error": …}`, with the code beside it). */
function refusalResponse(refusal: ChatError): Response {
  const { code, message, retryAfterMs } = refusal;
  const { status, retryable } = errorRow(code);
  const headers = new Headers();
  if (retryable) {
    const seconds = Math.max(1, Math.ceil((retryAfterMs ?? 1000) / 1000));
    headers.set("retry-after", String(seconds));
  }
  if (status === 426) headers.set("upgrade", "websocket");
  return Response.json({ error: message, code }, { status, headers });
}

function asksFor(request: Request, protocol: string): boolean {
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  return offered.split(",").some((one) => one.trim() === protocol);
}

/** Reads `since` and `epoch`; both or neither must be there. */
function resumePointOf({ searchParams }: URL): ResumePoint | null {
  const since = searchParams.get("since");
  const epoch = searchParams.get("epoch");
  if (since === null || epoch === null) return null;
  const sinceSeq = /^\d+$/.test(since) ? Number(since) : NaN;
  if (!(sinceSeq <= SEQ_MAX)) {
    throw new ChatError("bad_request", { message: "since is not a number" });
  }
  return { sinceSeq, epoch };
}
