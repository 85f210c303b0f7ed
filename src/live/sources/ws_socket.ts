/**
 * The types of `ws`, which brings none: as much of it as is used.
 *
 * @module
 */

import WebSocket from "ws";

/** A client's socket. */
export interface WsSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  on(event: "open" | "ping" | "pong", run: () => void): void;
  on(
    event: "message",
    run: (data: Uint8Array, isBinary: boolean) => void,
  ): void;
  on(
    event: "unexpected-response",
    run: (request: unknown, response: { readonly statusCode: number }) => void,
  ): void;
  on(event: "error", run: (error: Error) => void): void;
  on(event: "close", run: (code: number, reason: Uint8Array) => void): void;
  pause(): void;
  resume(): void;
  ping(payload?: Uint8Array): void;
  send(data: string | Uint8Array): void;
  close(code: number): void;
  terminate(): void;
}

/** How one of them is made. */
type DialWs = new (
  url: string,
  protocols: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => WsSocket;

/** The client of `ws`. */
export const Ws: DialWs = WebSocket;
