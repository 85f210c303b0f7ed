/**
 * `parlor rooms close`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { roomPath } from "../api_path.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { ROOM } from "../positionals.ts";

/** Ends a room. */
export const roomsCloseCommand = buildCommand({
  docs: { brief: "End a room for good and close its connections" },
  parameters: {
    positional: { kind: "tuple", parameters: [ROOM] },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    roomId: string,
  ): Promise<void> {
    const api = await this.connectOrOpen(flags);
    await api.change("DELETE", roomPath(roomId));
    this.report(flags).done(`Closed room ${roomId}`);
  },
});
