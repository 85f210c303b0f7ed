/**
 * The table of commands.
 *
 * A new command needs a file in `commands/`, a row here and a row in README.
 *
 * @module
 */

import {
  type Application,
  buildApplication,
  buildRouteMap,
  help,
  type StricliIntegration,
} from "@stricli/core";
import { CliError } from "./cli_error.ts";
import type { CommandScope } from "./command_scope.ts";
import { adminsCommands } from "./commands/admins.ts";
import { backupCommand } from "./commands/backup.ts";
import { callbacksCommands } from "./commands/callbacks.ts";
import { cleanupCommands } from "./commands/cleanup.ts";
import { completionsCommand } from "./commands/completions.ts";
import { configCommands } from "./commands/config_check.ts";
import { devicesCommands } from "./commands/devices.ts";
import { eventCommand } from "./commands/event.ts";
import { flushCommand } from "./commands/flush.ts";
import { helpCommand } from "./commands/help.ts";
import { historyCommand } from "./commands/history.ts";
import { liveCommands } from "./commands/live.ts";
import { bansCommands, mutesCommands } from "./commands/penalties.ts";
import { pendingCommand } from "./commands/pending.ts";
import { roomsCommands } from "./commands/rooms.ts";
import { sendCommand } from "./commands/send.ts";
import { sessionsCommand } from "./commands/sessions.ts";
import { statusCommand } from "./commands/status.ts";
import { syncCommands } from "./commands/sync_now.ts";
import { tokenCommand } from "./commands/token.ts";
import { topCommand } from "./commands/top.ts";
import { versionCommand } from "./commands/version.ts";
import { commandLineText } from "./command_line_text.ts";

/** How help is laid out. */
const FORMATTING = {
  useAliasInUsageLine: false,
  onlyRequiredInUsageLine: true,
  caseStyle: "convert-camel-to-kebab",
} as const;

const commands = buildRouteMap({
  docs: {
    brief: "Parlor: rooms and messages from the command line",
    fullDescription: "Commands ask the server that runs, or work on the " +
      "database file when none does.\nWithout a command, or with serve, " +
      "parlor is the server.",
  },
  routes: {
    rooms: roomsCommands,
    admins: adminsCommands,
    bans: bansCommands,
    mutes: mutesCommands,
    devices: devicesCommands,
    live: liveCommands,
    history: historyCommand,
    sessions: sessionsCommand,
    send: sendCommand,
    event: eventCommand,
    flush: flushCommand,
    pending: pendingCommand,
    status: statusCommand,
    top: topCommand,
    token: tokenCommand,
    callbacks: callbacksCommands,
    sync: syncCommands,
    cleanup: cleanupCommands,
    backup: backupCommand,
    config: configCommands,
    completions: completionsCommand,
    help: helpCommand,
    version: versionCommand,
  },
});

/** Words that stop short of a command: help, but on stderr and as an error. */
const unfinished: StricliIntegration<CommandScope> = {
  flag: {
    brief: "Says which words may follow",
    hidden: true,
    global: true,
    defaultForRouteMap: true,
    async run(app, scan) {
      const { stderr } = this.process;
      const process = { ...this.process, stdout: stderr };
      await helpIntegration.flag?.run.call({ ...this, process }, app, scan);
      this.process.exitCode = 2;
    },
  },
};

const helpIntegration = help<CommandScope>({
  brief: "Print help",
  alias: "h",
  formatting: FORMATTING,
  complete: true,
});

/** All commands with their help. */
export const commandLine: Application<CommandScope> = buildApplication(
  commands,
  {
    name: "parlor",
    scanner: {
      caseStyle: "allow-kebab-for-camel",
      allowArgumentEscapeSequence: true,
    },
    localization: { text: commandLineText },
    determineExitCode: (thrown) =>
      thrown instanceof CliError ? thrown.exitCode : 1,
  },
  { help: helpIntegration, unfinished },
);
