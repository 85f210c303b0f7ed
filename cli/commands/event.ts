/**
 * `parlor event`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { acceptedAnswer } from "../answers.ts";
import { roomPath } from "../api_path.ts";
import { jsonValue, nonEmpty } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { ROOM } from "../positionals.ts";

/** Sends a custom event. */
export const eventCommand = buildCommand({
  docs: {
    brief: "Send a custom event to a room, ahead of its chat",
    customUsage: ["<room> <type> [<json>]"],
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        ROOM,
        { parse: nonEmpty, placeholder: "type", brief: "The event's type" },
        {
          parse: jsonValue,
          placeholder: "json",
          brief: "The event's payload",
          default: "null",
        },
      ],
    },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    ...[roomId, type, payload]: [string, string, { readonly value: unknown }]
  ): Promise<void> {
    const api = await this.connectOrOpen(flags);
    const accepted = await api.post(
      roomPath(roomId, "events"),
      { event_type: type, payload: payload.value },
      acceptedAnswer,
    );
    this.report(flags).say(
      accepted,
      `Sent ${type} to room ${roomId} as number ${accepted.seq}`,
    );
  },
});
