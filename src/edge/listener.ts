/**
 * A port: `Deno.serve`, and who sent each request.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import { ChatError, errorRow } from "../wire/errors.ts";
import type { Call } from "./gate.ts";

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether the client's address is the proxy's word for it. */
  readonly trustProxy: boolean;
  readonly answer: (call: Call) => Response | Promise<Response>;
  readonly log: Log;
}

/** A port that is open. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Both, as a URL has them. */
  readonly address: string;
  /** Closes the port at once; resolves when the last request is answered. */
  stop(): Promise<void>;
}

/**
 * Opens a port.
 *
 * @throws when it cannot be opened, such as when it is in use.
 */
export function listen(options: ListenerOptions): Listener {
  const { host } = options;
  const server = openPort(options);
  const { port } = server.addr;
  const address = addressText(host, port);
  return { host, port, address, stop: () => server.shutdown() };
}

function openPort(options: ListenerOptions): Deno.HttpServer<Deno.NetAddr> {
  const { answer, host, port, log, trustProxy } = options;
  try {
    return Deno.serve({
      hostname: host,
      port,
      onListen: () => {},
      onError: (error) => internalError(error, log),
    }, (request, info) => answer(callOf(request, info, trustProxy)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const address = addressText(host, port);
    throw new Error(`Cannot listen on ${address}: ${reason}`, { cause });
  }
}

function callOf(
  request: Request,
  info: Deno.ServeHandlerInfo<Deno.NetAddr>,
  trustProxy: boolean,
): Call {
  const ip = addressOf(request, info, trustProxy);
  return { request, url: new URL(request.url), ip };
}

function addressText(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A proxy adds the address that it saw at the end of the list. */
function addressOf(
  request: Request,
  info: Deno.ServeHandlerInfo<Deno.NetAddr>,
  trustProxy: boolean,
): string {
  const forwarded = request.headers.get("x-forwarded-for");
  const last = trustProxy ? forwarded?.split(",").at(-1)?.trim() : undefined;
  return last || info.remoteAddr.hostname;
}

function internalError(error: unknown, log: Log): Response {
  log.error("Failed to answer a request", { event: "request_failed", error });
  const { code, message } = new ChatError("internal");
  const { status } = errorRow(code);
  return Response.json({ error: message, code }, { status });
}
