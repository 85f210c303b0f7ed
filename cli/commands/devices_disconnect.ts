/**
 * `parlor devices disconnect`
 *
 * @module
 */

import { buildCommand } from "@stricli/core";
import { devicePath } from "../api_path.ts";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";
import { disconnectedAnswer } from "../device_answers.ts";
import { DEVICE } from "../positionals.ts";

/** Ends the connections of a device. */
export const devicesDisconnectCommand = buildCommand({
  docs: {
    brief: "End every connection of a device, which may come back at once",
  },
  parameters: {
    positional: { kind: "tuple", parameters: [DEVICE] },
    flags: COMMON_FLAGS,
  },
  async func(
    this: CommandScope,
    flags: CommonFlags,
    deviceId: string,
  ): Promise<void> {
    const api = await this.connect(flags);
    const path = devicePath(deviceId, "disconnect");
    const answer = await api.post(path, undefined, disconnectedAnswer);
    const { disconnected: count } = answer;
    const noun = count === 1 ? "connection" : "connections";
    this.report(flags).say(
      answer,
      count === 0
        ? `No change: device ${deviceId} has no connection`
        : `Ended ${count} ${noun} of device ${deviceId}`,
    );
  },
});
