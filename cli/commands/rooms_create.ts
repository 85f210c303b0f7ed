/**
 * `parlor rooms create`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { SLOW_MODE_SECS_MAX } from "../../src/wire/limits.ts";
import { createdRoomAnswer } from "../answers.ts";
import { integerIn, nonEmpty } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";

interface Flags extends CommonFlags {
  readonly admin: readonly string[];
  readonly slowMode?: number | undefined;
  readonly maxMembers?: number | undefined;
  readonly pinned?: string | undefined;
  readonly autoClose: boolean;
}

/** Creates a room. */
export const roomsCreateCommand = buildCommand({
  docs: { brief: "Create a room" },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        { parse: nonEmpty, placeholder: "name", brief: "The room's name" },
      ],
    },
    flags: {
      ...COMMON_FLAGS,
      admin: {
        kind: "parsed",
        parse: nonEmpty,
        variadic: true,
        default: [],
        placeholder: "user",
        brief: "The id of a user who is admin; may be repeated",
      },
      slowMode: {
        kind: "parsed",
        parse: integerIn(0, SLOW_MODE_SECS_MAX),
        optional: true,
        placeholder: "secs",
        brief: "Seconds between two messages of a user",
      },
      maxMembers: {
        kind: "parsed",
        parse: integerIn(1, 1_000_000),
        optional: true,
        placeholder: "n",
        brief: "Most members at a time",
      },
      pinned: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "text",
        brief: "A notice shown on top",
      },
      autoClose: {
        kind: "boolean",
        default: false,
        brief: "End the room once it has been empty for long enough",
      },
    },
  },
  async func(this: CommandScope, flags: Flags, name: string): Promise<void> {
    const api = await this.connectOrOpen(flags);
    const { slowMode, maxMembers, pinned, autoClose } = flags;
    const room = await api.post("/management/rooms", {
      room_name: name,
      admin_user_ids: flags.admin,
      ...(slowMode === undefined ? {} : { slow_mode_secs: slowMode }),
      ...(maxMembers === undefined ? {} : { max_members: maxMembers }),
      ...(pinned === undefined ? {} : { pinned }),
      ...(autoClose ? { auto_close: true } : {}),
    }, createdRoomAnswer);
    const report = this.report(flags);
    const server = this.serverUrl(flags).replace(/^http/, "ws");
    report.print(room, () =>
      report.fields([
        ["room", room.room_id],
        ["websocket", `${server}${room.websocket_url}`],
      ]));
  },
});
