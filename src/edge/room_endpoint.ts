/**
 * The way into rooms by one dialect: from a request to a session in a room.
 *
 * @module
 */

import type { ResumePoint } from "../room/room_input.ts";
import { Conversation, type TokenRefresher } from "./conversation.ts";
import type { Admission, Gate, Knock } from "./gate.ts";
import {
  type Arrival,
  type Attendance,
  Reception,
  type ReceptionOptions,
} from "./reception.ts";
import { resumePointOf } from "./resume_point.ts";
import type { SocketSession } from "./socket_session.ts";

export interface RoomEndpointOptions extends ReceptionOptions {
  readonly gate: Gate;
  readonly tokens: TokenRefresher;
  /** Called when a session is gone: what is pending may be written. */
  readonly onDisconnect: () => void;
}

/** Answers the upgrades of one dialect. */
export class RoomEndpoint {
  readonly #options: RoomEndpointOptions;
  readonly #reception: Reception;

  constructor(options: RoomEndpointOptions) {
    this.#options = options;
    this.#reception = new Reception(options);
  }

  /** Upgrades a request, or answers why not. */
  answer(knock: Knock): Promise<Response> {
    return this.#reception.answer(knock, () => this.#admit(knock));
  }

  async #admit(knock: Knock): Promise<Arrival> {
    const admission = await this.#options.gate.admit(knock);
    const resume = resumePointOf(knock.url);
    return {
      visitor: admission.visitor,
      roomId: admission.actor.id,
      attend: (session) => this.#attend(session, admission, resume),
    };
  }

  #attend(
    session: SocketSession,
    { actor }: Admission,
    resume: ResumePoint | null,
  ): Attendance {
    const { clock, log, presence, tokens } = this.#options;
    const talk = new Conversation({
      actor,
      session,
      clock,
      log,
      presence,
      tokens,
    });
    return {
      onOpen: () => {
        if (actor.offer({ kind: "join", session, resume })) return;
        session.tell({ type: "error", code: "busy", retryAfterMs: 1000 });
        session.breakOff("busy");
      },
      onText: (text) => talk.onText(text),
      onBinary: (bytes) => talk.onBinary(bytes),
      onGone: (closeCode, cause) => {
        // What the room itself broke off it has removed already.
        if (cause === "edge") {
          actor.offer({ kind: "leave", session, closeCode });
        }
        this.#options.onDisconnect();
      },
    };
  }
}
