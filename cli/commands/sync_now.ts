/**
 * `parlor sync now`
 *
 * @module
 */

import { buildCommand, buildRouteMap } from "@stricli/core";
import type { CommandScope } from "../command_scope.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common_flags.ts";

const nowCommand = buildCommand({
  docs: {
    brief: "Send batches and snapshots of every room now, in the background",
  },
  parameters: { flags: COMMON_FLAGS },
  async func(this: CommandScope, flags: CommonFlags): Promise<void> {
    const api = await this.connectOrOpen(flags);
    await api.change("POST", "/management/sync");
    const report = this.report(flags);
    report.done("Accepted: batches and snapshots of every room");
    if (this.worksOnFile) {
      report.note("What is queued goes out when the server starts");
    }
  },
});

/** The group `sync`. */
export const syncCommands = buildRouteMap({
  docs: { brief: "Bring the backend up to date" },
  routes: { now: nowCommand },
});
