/**
 * Where live rooms come from: the platform that is known, and the operator's
 * own file.
 *
 * @module
 */

import type { Clock } from "./base/clock.ts";
import type { Ids } from "./base/ids.ts";
import type { LiveConfig } from "./config_live.ts";
import { DouyinSource } from "./live/sources/douyin/douyin_source.ts";
import { readSources } from "./live/sources/sources_file.ts";
import type { LiveSource } from "./live/source.ts";

/** What sources work with. */
export interface LiveSourcesOptions {
  readonly config: LiveConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly fetch: typeof fetch;
  /** A variable of the environment, for secrets that the file names. */
  readonly env: (name: string) => string | undefined;
}

/**
 * Makes every source, by its name.
 *
 * @throws {Error} when the operator's file cannot be read or is wrong, or has
 * no source of the name that is the default.
 */
export async function openLiveSources(
  options: LiveSourcesOptions,
): Promise<ReadonlyMap<string, LiveSource>> {
  const { config } = options;
  const douyin = new DouyinSource({ ...options, ...config.douyin });
  const own = config.sourcesFile === undefined
    ? []
    : readSources(await fileText(config.sourcesFile), options);
  const sources = new Map<string, LiveSource>([["douyin", douyin], ...own]);
  if (sources.has(config.defaultSource)) return sources;
  const names = [...sources.keys()].join("|");
  throw new Error(
    `Cannot read LIVE_DEFAULT_SOURCE: want ${names}, got "${config.defaultSource}"`,
  );
}

async function fileText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot read LIVE_SOURCES_FILE: ${reason}`);
  }
}
