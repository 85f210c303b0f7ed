/**
 * Working on the database file when no server runs.
 *
 * The same parts that make up the server open it in this process, so that a
 * command does to the file exactly what it would have done to the server. The
 * lock on the file keeps the two apart.
 *
 * @module
 */

import type { Config } from "../src/config.ts";
import type { CliContext } from "./cli_context.ts";
import { CliError, messageOf } from "./cli_error.ts";
import type { UnreachableError } from "./http_transport.ts";
import { HELD, type OfflineServer } from "./transport.ts";

/**
 * Opens the database file in place of the server that did not answer.
 *
 * @throws {CliError} when there is no file, or another process holds it.
 */
export async function openFileInstead(
  cli: Pick<CliContext, "files" | "openOffline">,
  config: Config,
  refusal: UnreachableError,
): Promise<OfflineServer> {
  const file = config.store.databaseFile;
  if (file === undefined) {
    throw new CliError(
      `${refusal.message}; there is no file to work on instead, ` +
        "as DATABASE_URL is sqlite::memory:",
    );
  }
  if (!await cli.files.exists(file)) {
    throw new CliError(
      `${refusal.message}; there is no file to work on instead, ` +
        `as ${file} does not exist`,
    );
  }
  try {
    return await cli.openOffline(config);
  } catch (thrown) {
    throw new CliError(openFailure(file, thrown));
  }
}

function openFailure(file: string, thrown: unknown): string {
  const reason = messageOf(thrown);
  return reason.includes(HELD)
    ? `Cannot open ${file}: a server holds it; give its address with --url`
    : `Cannot open ${file}: ${reason}`;
}
