/**
 * The runtime's own WebSocket: the only code that knows one.
 *
 * It has no drain event, no way to cut a connection and no bound below 64 MiB
 * on a frame; the session makes up for these.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";
import type { Packet } from "../wire/packet.ts";
import type { Socket, SocketEvents } from "./socket.ts";

/** How long a peer may stay silent before it is pinged and then cut, in s. */
const IDLE_TIMEOUT_SECS = 60;

/** The code of an end without a closing handshake (RFC 6455 §7.1.5). */
const ABNORMAL_CLOSURE = 1006;

/** An upgraded request. */
export interface Upgraded {
  readonly response: Response;
  readonly socket: Socket;
}

export interface UpgradeOptions {
  readonly protocol: string | undefined;
  /** Whether a packet goes out as one frame. */
  readonly isBatched: boolean;
  readonly events: SocketEvents;
}

/** Makes a socket of a request. */
export type Upgrade = (request: Request, options: UpgradeOptions) => Upgraded;

/**
 * Upgrades a request of `Deno.serve`.
 *
 * @throws ChatError `upgrade_required` when its handshake is not a WebSocket's.
 */
export function denoUpgrade(
  request: Request,
  { protocol, isBatched, events }: UpgradeOptions,
): Upgraded {
  const { response, socket } = shakeHands(request, protocol);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => events.onOpen();
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") events.onText(data);
    else events.onBinary(new Uint8Array(data));
  };
  // The runtime says 0 when no closing handshake took place.
  socket.onclose = ({ code }) => events.onClose(code || ABNORMAL_CLOSURE);
  // A failure is always followed by a close.
  socket.onerror = () => {};
  const made = isBatched ? new JoinedSocket(socket) : new SingleSocket(socket);
  return { response, socket: made };
}

function shakeHands(
  request: Request,
  protocol: string | undefined,
): Deno.WebSocketUpgrade {
  try {
    return Deno.upgradeWebSocket(request, {
      idleTimeout: IDLE_TIMEOUT_SECS,
      ...(protocol === undefined ? {} : { protocol }),
    });
  } catch (error) {
    // A header is missing or wrong, or the client has hung up.
    if (!(error instanceof TypeError)) throw error;
    throw new ChatError("upgrade_required");
  }
}

abstract class DenoSocket {
  protected readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  get bufferedAmount(): number {
    return this.socket.bufferedAmount;
  }

  close(code: number, reason: string): void {
    const { socket } = this;
    if (socket.readyState !== WebSocket.CONNECTING) {
      return socket.close(code, reason);
    }
    // The runtime opens a socket even after a close, and sends no close then.
    const close = () => socket.close(code, reason);
    socket.addEventListener("open", close, { once: true });
  }
}

/** One frame for each message. */
class SingleSocket extends DenoSocket implements Socket {
  send(packet: Packet): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    for (const frame of packet.frames) this.socket.send(frame);
  }
}

/** As few frames as may be for all messages of a packet. */
class JoinedSocket extends DenoSocket implements Socket {
  send(packet: Packet): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    for (const frame of packet.joined) this.socket.send(frame);
  }
}
