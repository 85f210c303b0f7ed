/**
 * A transport that finds out, at its first request, who answers: the server, or
 * the database file in this process when no server runs.
 *
 * The choice is made once. A server that starts or stops in between leads to an
 * error, never to two writers: the file is locked for as long as it is open.
 *
 * @module
 */

import { UnreachableError } from "./http_transport.ts";
import type { OfflineServer, Transport } from "./transport.ts";

/** What {@linkcode ServerOrFile} is made of. */
export interface ServerOrFileOptions {
  readonly server: Transport;
  /** Opens the file, or throws why it cannot stand in for the server. */
  readonly openFile: (refusal: UnreachableError) => Promise<OfflineServer>;
}

/** Asks the server, or the file when nothing listens where it should be. */
export class ServerOrFile implements Transport {
  readonly #options: ServerOrFileOptions;
  #chosen: Transport | undefined;

  constructor(options: ServerOrFileOptions) {
    this.#options = options;
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Response> {
    if (this.#chosen !== undefined) {
      return await this.#chosen.request(method, path, body);
    }
    const { server, openFile } = this.#options;
    try {
      const response = await server.request(method, path, body);
      this.#chosen = server;
      return response;
    } catch (thrown) {
      const isRefused = thrown instanceof UnreachableError && thrown.isRefused;
      if (!isRefused) throw thrown;
      this.#chosen = await openFile(thrown);
    }
    return await this.#chosen.request(method, path, body);
  }
}
