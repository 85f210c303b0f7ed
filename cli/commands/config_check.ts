/**
 * `parlor config check`
 *
 * @module
 */

import { buildCommand, buildRouteMap } from "@stricli/core";
import { ConfigError, readConfig } from "../../src/config.ts";
import { CliError } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import { JSON_FLAG } from "../common_flags.ts";
import { type SettingRow, settingRows } from "../setting_rows.ts";
import type { Column } from "../table.ts";

interface Flags {
  readonly json: boolean;
}

const COLUMNS: readonly Column<SettingRow>[] = [
  { title: "SETTING", cell: (row) => row.name },
  { title: "VALUE", cell: (row) => row.value || "-" },
  { title: "FROM", cell: (row) => row.isDefault ? "default" : "set" },
  { title: "MEANING", cell: (row) => row.meaning, canShrink: true },
];

const checkCommand = buildCommand({
  docs: { brief: "Check and show every setting, from .env and environment" },
  parameters: { flags: JSON_FLAG },
  func(this: CommandScope, flags: Flags): void {
    const report = this.report(flags);
    const { env, warnings } = this.cli.readEnv();
    const { stdout } = this.cli;
    try {
      const config = readConfig(env, { terminal: stdout.isTerminal });
      const heard = [...warnings, ...config.warnings];
      const rows = settingRows(env, config);
      report.print(jsonOf(rows, heard), () => report.table(COLUMNS, rows));
      heard.forEach((warning) => report.note(warning));
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      const { problems } = thrown;
      if (flags.json) report.print({ problems, warnings }, () => []);
      throw new CliError(`Found ${problems.length} bad settings:`, {
        details: problems,
      });
    }
  },
});

/** The group `config`. */
export const configCommands = buildRouteMap({
  docs: { brief: "Check the settings" },
  routes: { check: checkCommand },
});

function jsonOf(rows: readonly SettingRow[], warnings: readonly string[]) {
  const settings = rows.map(({ name, value, isDefault, meaning }) => ({
    name,
    value,
    default: isDefault,
    meaning,
  }));
  return { problems: [], warnings, settings };
}
