/**
 * The frames that a client sends on one connection, until it is gone.
 *
 * They are understood here, and what needs nobody else is answered here, also
 * while a room is flooded. A sign of life is no activity: it is sent by a page
 * that nobody looks at, too.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { ClientCommand } from "../wire/command.ts";
import type { Decoded } from "../wire/dialect.ts";
import type { PresenceCommand } from "../wire/presence_frame.ts";
import type { PresencePort } from "./presence_port.ts";
import type { FrameSink } from "./socket.ts";
import type { SocketSession } from "./socket_session.ts";

/** What every connection answers by itself is left out. */
export type InboundCommand = Exclude<ClientCommand, PresenceCommand>;

export interface InboundOptions {
  readonly session: SocketSession;
  readonly presence: Pick<PresencePort, "touch" | "choose">;
  readonly clock: Clock;
}

const BINARY_REFUSED: Decoded = { ok: false, code: "binary_refused" };

/** The way in from one connection. */
export class Inbound implements FrameSink {
  readonly #options: InboundOptions;
  readonly #carryOut: (command: InboundCommand) => void;

  constructor(
    options: InboundOptions,
    carryOut: (command: InboundCommand) => void,
  ) {
    this.#options = options;
    this.#carryOut = carryOut;
  }

  onText(text: string): void {
    const { session } = this.#options;
    if (!session.isGone) this.#answer(session.dialect.decode(text));
  }

  onBinary(bytes: Uint8Array<ArrayBuffer>): void {
    const { session } = this.#options;
    if (session.isGone) return;
    const { dialect } = session;
    this.#answer(dialect.decodeBinary?.(bytes) ?? BINARY_REFUSED);
  }

  #answer(decoded: Decoded): void {
    if (!decoded.ok) {
      const { ok: _, ...refusal } = decoded;
      return this.#options.session.tell({ type: "error", ...refusal });
    }
    if (decoded.command !== null) this.#take(decoded.command);
  }

  #take(command: ClientCommand): void {
    const { clock, presence, session } = this.#options;
    switch (command.type) {
      case "ping":
        return session.tell({ type: "pong", timestamp: command.timestamp });
      case "heartbeat":
        return session.tell({ type: "heartbeat_ack", at: clock.now() });
      case "set_status":
        return presence.choose(session.userId, command.status);
      default:
        presence.touch(session.id);
        return this.#carryOut(command);
    }
  }
}
