/**
 * Every setting with the value that it has, safe to show.
 *
 * @module
 */

import type { Config, Env } from "../src/config.ts";
import { shownValue } from "../src/config_report.ts";
import { SETTINGS } from "../src/settings.ts";
import { addressOf } from "./server_address.ts";

/** One setting as it stands. */
export interface SettingRow {
  readonly name: string;
  /** Without secrets, passwords and the queries of URLs. */
  readonly value: string;
  readonly isDefault: boolean;
  readonly meaning: string;
}

/** The table of settings, in its order, for the configuration made of `env`. */
export function settingRows(env: Env, config: Config): SettingRow[] {
  const derived = derivedDefaults(config);
  return SETTINGS.map((setting) => {
    const { name, meaning } = setting;
    const given = env[name]?.trim() ?? "";
    const isDefault = given === "";
    const value = isDefault
      ? derived[name] ?? setting.fallback
      : shownValue(setting, given);
    return { name, value, isDefault, meaning };
  });
}

/** Defaults that follow from other settings, where the table has a sentence. */
function derivedDefaults(config: Config): Record<string, string> {
  const { batch, journal, log } = config;
  return {
    WS_BATCH_SIZE: `${batch.sizeMax}`,
    WS_FLUSH_INTERVAL: `${batch.ageMsMax / 1000}`,
    DURABILITY: journal.durability,
    JOURNAL_DIR: journal.dir ?? "none",
    LOG_FORMAT: log.format,
    PARLOR_URL: addressOf(config.server),
  };
}
