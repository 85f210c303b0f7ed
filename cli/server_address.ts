/**
 * Where the server of this machine listens, as a client of it writes it.
 *
 * @module
 */

import type { Config } from "../src/config.ts";

/** Addresses that mean every interface, and how to reach one of them. */
const ANY_HOST: Readonly<Record<string, string>> = {
  "0.0.0.0": "127.0.0.1",
  "::": "::1",
};

/** The address that a server with this configuration answers at. */
export function addressOf(server: Config["server"]): string {
  const host = ANY_HOST[server.host] ?? server.host;
  const written = host.includes(":") ? `[${host}]` : host;
  return `http://${written}:${server.port}`;
}
