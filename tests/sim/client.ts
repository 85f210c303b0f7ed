/**
 * A client: a real session over a socket that is read when the run says so.
 *
 * @module
 */

import { Conversation } from "../../src/edge/conversation.ts";
import type { Socket } from "../../src/edge/socket.ts";
import {
  SocketSession,
  type SocketSessionOptions,
} from "../../src/edge/socket_session.ts";
import type { ResumePoint } from "../../src/room/room_input.ts";
import { ChatError } from "../../src/wire/errors.ts";
import type { Packet } from "../../src/wire/packet.ts";
import { ROOMS } from "../support/fake_session.ts";
import { PERSONAL } from "../support/personal_dialect.ts";
import { Listener, type ListenerOptions } from "./listener.ts";
import type { Verdict } from "./verdict.ts";
import type { WatchedActor } from "./watched_actor.ts";
import type { SimServer } from "./sim_server.ts";

/** Bounds small enough to be met. */
const OUTBOUND = { softBytesMax: 2000, hardBytesMax: 8000 };

/** What sending a packet takes of the server's time, in ms. */
const SEND_MS = 0.05;

/** Who is online is no part of a run. */
const NO_PRESENCE = { touch: () => {}, choose: () => {} };

/** Who connects, and how. */
export interface ClientOptions extends ListenerOptions {
  readonly server: SimServer;
  readonly actor: WatchedActor;
  readonly isAdmin: boolean;
  readonly isBatched: boolean;
  readonly resume: ResumePoint | null;
}

/** A socket whose other end stops reading. */
class SimSocket implements Socket {
  readonly #listener: Listener;
  readonly #options: Pick<ClientOptions, "server" | "verdict">;
  isStalled = false;
  isClosed = false;
  /** Whether the server's process is gone. */
  isCut = false;
  bufferedAmount = 0;

  constructor(
    listener: Listener,
    options: Pick<ClientOptions, "server" | "verdict">,
  ) {
    this.#listener = listener;
    this.#options = options;
  }

  send(packet: Packet): void {
    if (this.isCut) return;
    const { server, verdict } = this.#options;
    server.clock.workedMs += SEND_MS;
    verdict.check(!this.isClosed, "silence", () => "sent after a close");
    if (this.isStalled) this.bufferedAmount += packet.length;
    for (const frame of packet.frames) {
      if (typeof frame === "string") this.#listener.hear(JSON.parse(frame));
    }
  }

  close(): void {
    this.isClosed = true;
  }
}

interface WatchedSessionOptions extends SocketSessionOptions {
  readonly actor: WatchedActor;
  readonly verdict: Verdict;
}

/** A session that the room must have forgotten once it left. */
class WatchedSession extends SocketSession {
  readonly #actor: WatchedActor;
  readonly #verdict: Verdict;

  constructor(options: WatchedSessionOptions) {
    super(options);
    this.#actor = options.actor;
    this.#verdict = options.verdict;
  }

  override deliver(packet: Packet): number {
    this.#verdict.check(
      packet.missable === null || !this.#actor.hasLeft(this.id),
      "silence",
      () => `${this.userId} left and is still spoken to`,
    );
    return super.deliver(packet);
  }
}

/** One connection of one user to one room. */
export class Client {
  readonly listener: Listener;
  readonly session: SocketSession;
  readonly userId: string;
  readonly actor: WatchedActor;
  readonly #socket: SimSocket;
  readonly #talk: Conversation;
  readonly #server: SimServer;

  constructor(options: ClientOptions) {
    const { actor, server, verdict, userId } = options;
    this.userId = userId;
    this.actor = actor;
    this.#server = server;
    this.listener = new Listener(options);
    this.#socket = new SimSocket(this.listener, options);
    this.session = new WatchedSession({
      ...server.edge,
      actor,
      verdict,
      identity: {
        id: options.id,
        userId,
        nickname: userId.toUpperCase(),
        ip: "203.0.113.1",
        isProven: options.isAdmin,
        isTokenAdmin: false,
        expiresAt: null,
      },
      socket: this.#socket,
      dialect: options.isPersonal ? PERSONAL : ROOMS,
      isBatched: options.isBatched,
      limits: OUTBOUND,
      onGone: (closeCode, cause) => this.#onGone(closeCode, cause),
    });
    this.#talk = new Conversation({
      ...server.edge,
      actor,
      session: this.session,
      presence: NO_PRESENCE,
      tokens: { refresh: () => Promise.reject(new ChatError("token_invalid")) },
    });
    this.#join(options.resume);
  }

  get isGone(): boolean {
    return this.session.isGone;
  }

  /** Sends a frame of any type. */
  send(type: string, payload: unknown): void {
    this.#talk.onText(JSON.stringify({ type, payload }));
  }

  /** Says something, under a name if there is one. */
  say(content: string, clientMsgId?: string): void {
    if (this.isGone) return;
    this.listener.sent(clientMsgId);
    this.send("SendMessage", { content, client_msg_id: clientMsgId });
  }

  /** Reads nothing for now. */
  stall(): void {
    this.#socket.isStalled = true;
    this.listener.wasSlow = true;
  }

  /** Reads all that was sent, and goes on reading. */
  read(): void {
    this.#socket.isStalled = false;
    this.#socket.bufferedAmount = 0;
  }

  /** The connection is lost. */
  drop(closeCode: number): void {
    this.session.lost(closeCode);
  }

  /** The server's process is gone, and nothing more is heard of it. */
  cut(): void {
    this.#socket.isCut = true;
  }

  #join(resume: ResumePoint | null): void {
    const { session } = this;
    if (this.actor.offer({ kind: "join", session, resume })) return;
    session.tell({ type: "error", code: "busy", retryAfterMs: 1000 });
    session.breakOff("busy");
  }

  #onGone(closeCode: number, cause: "room" | "edge"): void {
    if (cause === "edge") {
      const { session } = this;
      this.actor.offer({ kind: "leave", session, closeCode });
    }
    this.#server.recorder.noteDisconnect();
  }
}
