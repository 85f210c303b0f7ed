/**
 * `/ws/presence`: what concerns a user wherever they are, and a sign that they
 * are there.
 *
 * @module
 */

import { neverHere } from "../presence/gone_facts.ts";
import type { PresenceFacts } from "../wire/presence.ts";
import type { PushFrame } from "../wire/presence_frame.ts";
import { type Call, requireUpgrade } from "./gate.ts";
import { Inbound } from "./inbound.ts";
import type { LoginDesk } from "./login_desk.ts";
import type { PresencePort } from "./presence_port.ts";
import { PUSH_DIALECT } from "./push_dialect.ts";
import type { PushHub, PushLine } from "./push_hub.ts";
import {
  type Arrival,
  type Attendance,
  Reception,
  type ReceptionOptions,
} from "./reception.ts";
import type { SocketSession } from "./socket_session.ts";

/** Tells what a user's heart link is. */
export interface LinkLookUp {
  /** The frame of the newest request; `null` when there is none, or it is over. */
  linkFrame(userId: string): Promise<PushFrame | null>;
}

export interface PresenceEndpointOptions
  extends Omit<ReceptionOptions, "dialect"> {
  readonly login: LoginDesk;
  readonly presence: PresencePort & {
    /** What memory knows of a user. */
    of(userId: string): PresenceFacts | undefined;
  };
  readonly hub: PushHub;
  readonly links: LinkLookUp;
}

/** Answers the upgrades of `/ws/presence`. */
export class PresenceEndpoint {
  readonly #options: PresenceEndpointOptions;
  readonly #reception: Reception;

  constructor(options: PresenceEndpointOptions) {
    this.#options = options;
    this.#reception = new Reception({ ...options, dialect: PUSH_DIALECT });
  }

  /** Upgrades a request, or answers why not. */
  answer(call: Call): Promise<Response> {
    return this.#reception.answer(call, () => this.#admit(call));
  }

  async #admit(call: Call): Promise<Arrival> {
    const { bounds, login } = this.#options;
    bounds.requirePlace(call.ip);
    login.requireOrigin(call.request);
    requireUpgrade(call.request);
    const { admin: _admin, rooms: _rooms, ...user } = await login.identify(
      call,
    );
    return {
      visitor: { ...user, isTokenAdmin: false },
      roomId: null,
      attend: (session) => this.#attend(session),
    };
  }

  #attend(session: SocketSession): Attendance {
    const { hub } = this.#options;
    // The connection itself has answered all that may be said here.
    const inbound = new Inbound({ ...this.#options, session }, () => {});
    let line: PushLine | undefined;
    return {
      onOpen: () => {
        line = hub.open(session);
        this.#greet(session, line);
      },
      onText: (text) => inbound.onText(text),
      onBinary: (bytes) => inbound.onBinary(bytes),
      onGone: () => {
        if (line !== undefined) hub.close(session.userId, line);
      },
    };
  }

  #greet({ nickname, userId }: SocketSession, line: PushLine): void {
    const { links, log, presence } = this.#options;
    // A user may have found no place among those whose presence is known.
    const facts = presence.of(userId) ?? { ...neverHere(userId), nickname };
    line.tell({ type: "established", facts });
    links.linkFrame(userId).then((frame) => {
      if (frame !== null) line.tellLookedUp(frame);
    }).catch((error) => {
      // The page asks for it as well, every few seconds while it waits.
      log.warn("Cannot tell a user of their heart link", {
        event: "link_look_up_failed",
        error,
      });
    });
  }
}
