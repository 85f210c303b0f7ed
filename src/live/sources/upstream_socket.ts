/**
 * A WebSocket to the outside, by `ws`.
 *
 * The runtime's own client cannot hold back what it reads, has no bound on a
 * frame, sends no ping, says nothing of an HTTP refusal and has no way to end a
 * connection whose other side is gone. A link needs all five.
 *
 * @module
 */

import type { Clock } from "../../base/clock.ts";
import type { SourceEnd } from "../source.ts";
import { dialFault, socketFault } from "./upstream_fault.ts";
import { Ws, type WsSocket } from "./ws_socket.ts";

/** Most bytes that wait to be sent; a server that takes nothing is gone. */
const UNSENT_BYTES_MAX = 1_048_576;

/** The code of a goodbye (RFC 6455 §7.4.1). */
const NORMAL_CLOSURE = 1000;

/** How long a goodbye may take, in ms. */
const CLOSE_MS_MAX = 1000;

/** Where and how to connect. */
export interface UpstreamOptions {
  /** Begins with `ws:` or `wss:`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Subprotocols; where there are any, the server has to pick one. */
  readonly protocols: readonly string[];
  /** A message beyond that ends the connection. */
  readonly frameBytesMax: number;
  /** From the start until the connection is open, in ms. */
  readonly handshakeMsMax: number;
  /** The authority to trust, in PEM, in place of those of the system. */
  readonly ca?: string;
  readonly clock: Pick<Clock, "after">;
}

/** Who listens. Nothing is told after `onEnd`, nor in the call that dials. */
export interface UpstreamEvents {
  onOpen(): void;
  onText(text: string): void;
  /** @param bytes lent: whoever keeps them copies them. */
  onBinary(bytes: Uint8Array): void;
  /** A pong or a ping: the other side is there. Pings are answered here. */
  onPong(): void;
  /** Exactly once, when nothing of the connection is left. */
  onEnd(end: SourceEnd): void;
}

/** A connection that is opening or open. Calls after its end do nothing. */
export interface UpstreamSocket {
  /** Reads nothing more until `resume`; what was read already still comes. */
  pause(): void;
  resume(): void;
  /** @param payload at most 125 bytes. */
  ping(payload?: Uint8Array): void;
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array): void;
  /** Ends it politely, and by force within a second. Only `onEnd` follows. */
  close(): void;
  /** Ends it at once. Only `onEnd` follows, right after. */
  cut(): void;
}

/** Without the address, in which there may be a secret. */
const NO_ADDRESS: SourceEnd = {
  fault: "connect_failed",
  detail: "Invalid URL",
};

/** The ready state of a socket that is open. */
const OPEN = 1;

/** Connects. Never throws: what fails comes as `onEnd`. */
export function dialUpstream(
  options: UpstreamOptions,
  events: UpstreamEvents,
): UpstreamSocket {
  const connection = new WsConnection(options, events);
  connection.dial();
  return connection;
}

class WsConnection implements UpstreamSocket {
  readonly #options: UpstreamOptions;
  readonly #events: UpstreamEvents;
  readonly #decoder = new TextDecoder();
  #socket: WsSocket | undefined;
  #handshake: Disposable | undefined;
  /** Why it is over, once that is decided; `onEnd` follows. */
  #end: SourceEnd | undefined;
  #isClosing = false;
  #isPaused = false;

  constructor(options: UpstreamOptions, events: UpstreamEvents) {
    this.#options = options;
    this.#events = events;
  }

  dial(): void {
    const { url, headers, protocols, frameBytesMax, ca } = this.#options;
    const { clock, handshakeMsMax } = this.#options;
    try {
      const socket = new Ws(url, protocols, {
        headers,
        maxPayload: frameBytesMax,
        perMessageDeflate: false,
        closeTimeout: CLOSE_MS_MAX,
        // A kept connection would stay open behind a refusal.
        agent: false,
        ...(ca === undefined ? {} : { ca }),
      });
      this.#listen(socket);
      this.#socket = socket;
      this.#handshake = clock.after(
        handshakeMsMax,
        () => this.#fail({ fault: "connect_timeout" }),
      );
    } catch (error) {
      // An address or a header that no request can be made of.
      const end = URL.canParse(url) ? dialFault(error) : NO_ADDRESS;
      Promise.resolve().then(() => this.#events.onEnd(end));
    }
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket?.resume();
  }

  ping(payload?: Uint8Array): void {
    if (this.#mayWrite()) this.#socket?.ping(payload);
  }

  sendText(text: string): void {
    if (this.#mayWrite()) this.#socket?.send(text);
  }

  sendBinary(bytes: Uint8Array): void {
    if (this.#mayWrite()) this.#socket?.send(bytes);
  }

  close(): void {
    this.#isClosing = true;
    // The other side's goodbye has to be read.
    this.#socket?.resume();
    this.#socket?.close(NORMAL_CLOSURE);
  }

  cut(): void {
    this.#isClosing = true;
    this.#socket?.terminate();
  }

  #listen(socket: WsSocket): void {
    socket.on("open", () => this.#onOpen());
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("ping", () => this.#onPong());
    socket.on("pong", () => this.#onPong());
    socket.on("unexpected-response", (_request, { statusCode }) => {
      this.#fail({ fault: "handshake_refused", code: statusCode });
    });
    socket.on("error", (error) => {
      if (this.#isClosing) return;
      this.#end ??= this.#handshake === undefined
        ? socketFault(error)
        : dialFault(error);
    });
    socket.on("close", (code, reason) => {
      this.#disarm();
      this.#socket = undefined;
      this.#events.onEnd(this.#end ?? goodbye(code, reason));
    });
  }

  #onOpen(): void {
    this.#disarm();
    if (this.#isPaused) this.#socket?.pause();
    if (!this.#isOver()) this.#events.onOpen();
  }

  #onMessage(data: Uint8Array, isBinary: boolean): void {
    if (this.#isOver()) return;
    if (isBinary) this.#events.onBinary(data);
    else this.#events.onText(this.#decoder.decode(data));
  }

  #onPong(): void {
    if (!this.#isOver()) this.#events.onPong();
  }

  /** Whether it is open and takes what is sent. */
  #mayWrite(): boolean {
    const socket = this.#socket;
    if (socket?.readyState !== OPEN) return false;
    if (socket.bufferedAmount <= UNSENT_BYTES_MAX) return true;
    this.#fail({ fault: "half_open", detail: "Nothing sent is taken" });
    return false;
  }

  #fail(end: SourceEnd): void {
    this.#end ??= end;
    this.#socket?.terminate();
  }

  #isOver(): boolean {
    return this.#isClosing || this.#end !== undefined;
  }

  #disarm(): void {
    this.#handshake?.[Symbol.dispose]();
    this.#handshake = undefined;
  }
}

/** @param reason at most 123 bytes, as frames have it. */
function goodbye(code: number, reason: Uint8Array): SourceEnd {
  const detail = new TextDecoder().decode(reason);
  return { fault: "closed", code, ...(detail === "" ? {} : { detail }) };
}
