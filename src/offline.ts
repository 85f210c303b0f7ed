/**
 * The server's parts over a database file, for the command line.
 *
 * @module
 */

import { SystemClock } from "./base/clock.ts";
import { systemIds } from "./base/ids.ts";
import { silentLog } from "./base/log.ts";
import { nextTurn } from "./base/turn.ts";
import { type OfflineApp, openOfflineApp } from "./app.ts";
import type { Config } from "./config.ts";

/**
 * Opens the configured database file in this process.
 *
 * @throws when it cannot be opened, or a server holds it.
 */
export function openOffline(config: Config): Promise<OfflineApp> {
  return openOfflineApp({
    config,
    // Nobody but this process can ask, so any key will do.
    adminApiKey: systemIds.uuid(),
    clock: new SystemClock(),
    ids: systemIds,
    yield: nextTurn,
    log: silentLog,
  });
}
