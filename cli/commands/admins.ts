/**
 * `parlor admins …`
 *
 * @module
 */

import { buildCommand, buildRouteMap } from "@stricli/core";
import { roomPath } from "../api_path.ts";
import { nonEmpty } from "../arguments.ts";
import { CliError } from "../cli_error.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";

interface Flags extends CommonFlags {
  readonly none: boolean;
}

const setCommand = buildCommand({
  docs: {
    brief: "Replace the whole set of a room's admins",
    customUsage: ["<room> <user>...", "--none <room>"],
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: {
        parse: nonEmpty,
        placeholder: "room user",
        brief: "The room's id, then the ids of all its admins",
      },
      minimum: 1,
    },
    flags: {
      ...COMMON_FLAGS,
      none: {
        kind: "boolean",
        default: false,
        brief: "Leave the room without an admin",
      },
    },
  },
  async func(
    this: CommandScope,
    flags: Flags,
    ...[roomId = "", ...userIds]: string[]
  ): Promise<void> {
    // An unset variable in a script must not take everybody's rights away.
    if (flags.none !== (userIds.length === 0)) {
      throw new CliError("Cannot set admins: want a user, or --none", {
        exitCode: 2,
      });
    }
    const api = await this.connectOrOpen(flags);
    await api.change("PUT", roomPath(roomId, "admins"), {
      admin_user_ids: userIds,
    });
    const names = flags.none ? "nobody" : userIds.join(", ");
    this.report(flags).done(`Admins of room ${roomId}: ${names}`);
  },
});

/** The group `admins`. */
export const adminsCommands = buildRouteMap({
  docs: { brief: "Set who is admin of a room" },
  routes: { set: setCommand },
});
