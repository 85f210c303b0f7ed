/**
 * Every open connection, and how many each address has.
 *
 * A connection counts until its end is decided. Until its socket has closed it
 * is only remembered, so that a server that stops can let it say why.
 *
 * @module
 */

import type { Metrics } from "../base/metrics.ts";
import type { SocketSession } from "./socket_session.ts";

/** Where the number of connections is shown. */
export interface ConnectionGauges {
  readonly metrics: Metrics;
  readonly edge: { connectionCount: number };
}

/** The connections of one server. */
export class ConnectionTable {
  readonly #gauges: ConnectionGauges;
  readonly #sessions = new Set<SocketSession>();
  readonly #closing = new Set<SocketSession>();
  readonly #countByIp = new Map<string, number>();
  #count = 0;
  #onClosed: (() => void) | undefined;

  constructor(gauges: ConnectionGauges) {
    this.#gauges = gauges;
  }

  /** Connections, also those still being upgraded. */
  get count(): number {
    return this.#count;
  }

  countOf(ip: string): number {
    return this.#countByIp.get(ip) ?? 0;
  }

  /** Takes a place, before the upgrade. */
  reserve(ip: string): void {
    this.#setCount(this.#count + 1);
    this.#countByIp.set(ip, this.countOf(ip) + 1);
  }

  /** Gives a place back. */
  release(ip: string): void {
    this.#setCount(this.#count - 1);
    const count = this.countOf(ip) - 1;
    if (count > 0) this.#countByIp.set(ip, count);
    else this.#countByIp.delete(ip);
  }

  add(session: SocketSession): void {
    this.#sessions.add(session);
  }

  /** The session's end is decided; its socket may still be closing. */
  remove(session: SocketSession): void {
    if (this.#sessions.delete(session)) this.#closing.add(session);
  }

  /** The session's socket has closed. May be called twice. */
  closed(session: SocketSession): void {
    this.#closing.delete(session);
    if (this.#closing.size === 0) this.#onClosed?.();
  }

  /** The open sessions, as they are now. */
  sessions(): SocketSession[] {
    return [...this.#sessions];
  }

  /** Resolves once no socket is closing any more. */
  async allClosed(): Promise<void> {
    if (this.#closing.size === 0) return;
    await new Promise<void>((resolve) => this.#onClosed = resolve);
  }

  #setCount(count: number): void {
    this.#count = count;
    this.#gauges.edge.connectionCount = count;
    this.#gauges.metrics.connections.set(count);
  }
}
