/**
 * `parlor send`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { acceptedAnswer } from "../answers.ts";
import { roomPath } from "../api_path.ts";
import { nonEmpty } from "../arguments.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { ROOM } from "../positionals.ts";

/** Sends a system message. */
export const sendCommand = buildCommand({
  docs: {
    brief: "Send a system message to a room",
    fullDescription: "Text that begins with a dash goes behind --:\n" +
      "  parlor send ROOM -- -text",
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        ROOM,
        { parse: nonEmpty, placeholder: "text", brief: "What to say" },
      ],
    },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    roomId: string,
    text: string,
  ): Promise<void> {
    const api = await this.connectOrOpen(flags);
    const path = roomPath(roomId, "messages");
    const accepted = await api.post(path, { content: text }, acceptedAnswer);
    this.report(flags).say(
      accepted,
      `Sent to room ${roomId} as number ${accepted.seq}`,
    );
  },
});
