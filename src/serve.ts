/**
 * `parlor serve`: the server in a process of its own.
 *
 * @module
 */

import { SystemClock } from "./base/clock.ts";
import { systemIds } from "./base/ids.ts";
import { type Log, openLog } from "./base/log.ts";
import { untilSignal } from "./base/signals.ts";
import {
  stdoutHasColors,
  stdoutIsTerminal,
  writeStdout,
} from "./base/stdout.ts";
import { nextTurn } from "./base/turn.ts";
import { type AppOptions, startApp } from "./app.ts";
import { type Config, ConfigError, type Env, readConfig } from "./config.ts";
import { readEnv } from "./env.ts";
import { denoCron } from "./jobs/schedule.ts";
import { steadyCron } from "./jobs/steady_cron.ts";

/**
 * Runs the server until it is told to stop.
 *
 * @returns the exit code: 0 after a clean stop, 1 when it could not start or
 * was told to stop a second time.
 */
export async function serve(): Promise<number> {
  const settings = readSettings();
  if (settings === undefined) return 1;
  const { config, env } = settings;
  // Heard from here on: a stop that is asked for during the start counts too.
  const told = untilSignal();
  const toldAgain = told.then(untilSignal);
  const clock = new SystemClock();
  const { level, format } = config.log;
  const log = openLog({
    level,
    format,
    colors: stdoutHasColors(),
    clock,
    write: writeStdout,
  });
  for (const warning of config.warnings) log.warn(warning);
  const adminApiKey = config.auth.adminApiKey ?? announceKey(systemIds.uuid());
  warnOfOpenMode(config, log);
  const ended = run({
    config,
    adminApiKey,
    clock,
    ids: systemIds,
    yield: nextTurn,
    cron: steadyCron(denoCron, clock),
    log,
    env,
  }, told);
  return await Promise.race([ended, toldAgain.then(() => 1)]);
}

/** Starts, waits until told to stop, and stops; answers the exit code. */
async function run(options: AppOptions, told: Promise<void>): Promise<number> {
  const { log } = options;
  let event = "start_failed";
  try {
    const app = await startApp(options);
    await told;
    event = "stop_failed";
    await app.stop();
    return 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const what = event === "start_failed" ? "start" : "stop in order";
    log.error(`Cannot ${what}: ${reason}`, { event, error });
    return 1;
  }
}

function readSettings(): { config: Config; env: Env } | undefined {
  try {
    const { env, warnings } = readEnv();
    const config = readConfig(env, { terminal: stdoutIsTerminal() });
    const all = [...warnings, ...config.warnings];
    return { config: { ...config, warnings: all }, env };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    writeStdout(`${error.message}\n`);
    return undefined;
  }
}

/** Shown once, outside the log: a log is kept and passed on, a key is not. */
function announceKey(key: string): string {
  writeStdout(
    `ADMIN_API_KEY is not set. For this run it is ${key}\n`,
  );
  return key;
}

function warnOfOpenMode({ auth }: Config, log: Log): void {
  if (auth.secret !== undefined || auth.jwksUrl !== undefined) return;
  log.warn(
    auth.trustUserIds
      ? "Open mode: any client may take any user id, an admin's too"
      : "Open mode: any client may take any user id but a room admin's",
    { event: "open_mode_noticed" },
  );
}
