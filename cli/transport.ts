/**
 * How a request reaches the HTTP API: over the network, or in this process.
 *
 * @module
 */

import type { Config } from "../src/config.ts";

/** Something that answers the routes of the HTTP API. */
export interface Transport {
  /**
   * Sends one request, with the operator's key.
   *
   * @param path begins with `/` and is percent-encoded.
   * @param body is sent as JSON; `undefined` sends none.
   */
  request(method: string, path: string, body?: unknown): Promise<Response>;
}

/** The server's own parts at work in this process, without a listener. */
export interface OfflineServer extends Transport {
  /** Flushes, closes the database and lets its lock go. May be called twice. */
  close(): Promise<void>;
}

/** What the message of a refused lock says; see `src/store/file_lock.ts`. */
export const HELD = "another process holds it";

/**
 * Locks the database file, opens it, replays the journal and answers the API.
 *
 * It throws an error whose message has {@linkcode HELD} in it when another
 * process holds the file. The in-memory database is never asked for.
 */
export type OpenOffline = (config: Config) => Promise<OfflineServer>;
