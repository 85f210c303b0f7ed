/**
 * The frames that a client sends on one connection, until it is gone.
 *
 * They are bounded and understood here, and what needs nobody else is answered
 * here, also while a room is flooded. A sign of life is no activity: it is sent
 * by a page that nobody looks at, too.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { Metrics } from "../base/metrics.ts";
import type { ClientCommand } from "../wire/command.ts";
import type { PresenceCommand } from "../wire/presence_frame.ts";
import type { PresencePort } from "./presence_port.ts";
import type { SocketSession } from "./socket_session.ts";

/** What every connection answers by itself is left out. */
export type InboundCommand = Exclude<ClientCommand, PresenceCommand>;

export interface InboundOptions {
  readonly session: SocketSession;
  readonly presence: Pick<PresencePort, "touch" | "choose">;
  readonly frameBytesMax: number;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** The way in from one connection. */
export class Inbound {
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
    const { session, metrics, frameBytesMax } = this.#options;
    if (session.isGone) return;
    metrics.framesIn.inc();
    if (!isWithin(text, frameBytesMax)) return this.#refuseFrame();
    const decoded = session.dialect.decode(text);
    if (!decoded.ok) {
      const { ok: _, ...refusal } = decoded;
      return session.tell({ type: "error", ...refusal });
    }
    if (decoded.command !== null) this.#take(decoded.command);
  }

  onBinary(byteCount: number): void {
    const { session, metrics, frameBytesMax } = this.#options;
    if (session.isGone) return;
    metrics.framesIn.inc();
    if (byteCount > frameBytesMax) return this.#refuseFrame();
    session.tell({ type: "error", code: "binary_refused" });
  }

  #refuseFrame(): void {
    const { session } = this.#options;
    session.tell({ type: "error", code: "frame_too_large" });
    session.breakOff("frame_too_large");
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

/** Whether a text has at most so many bytes in UTF-8. */
function isWithin(text: string, bytesMax: number): boolean {
  if (text.length * 3 <= bytesMax) return true;
  if (text.length > bytesMax) return false;
  return new TextEncoder().encode(text).length <= bytesMax;
}
