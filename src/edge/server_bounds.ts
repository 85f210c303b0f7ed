/**
 * Whether the server takes one more connection, wherever it leads.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";
import type { ConnectionTable } from "./connection_table.ts";

export interface ServerBoundsOptions {
  readonly connections: ConnectionTable;
  readonly connectionsMax: number;
  /** 0 is no bound. */
  readonly connectionsPerIpMax: number;
  /** Whether the server is about to stop. */
  readonly isDraining: () => boolean;
}

/** The bounds of one server. */
export class ServerBounds {
  readonly #options: ServerBoundsOptions;

  constructor(options: ServerBoundsOptions) {
    this.#options = options;
  }

  /**
   * Requires that an address may connect now. What is learnt later takes time,
   * in which others may take the last place: ask again before it is taken.
   *
   * @throws ChatError with the reason why not.
   */
  requirePlace(ip: string): void {
    const { connections, connectionsMax, connectionsPerIpMax } = this.#options;
    if (this.#options.isDraining()) throw new ChatError("shutting_down");
    if (connections.count >= connectionsMax) {
      throw new ChatError("too_many_connections");
    }
    const isIpBounded = connectionsPerIpMax > 0;
    if (isIpBounded && connections.countOf(ip) >= connectionsPerIpMax) {
      throw new ChatError("too_many_from_ip");
    }
  }
}
