/**
 * `parlor live …`
 *
 * @module
 */

import { buildRouteMap } from "@stricli/core";
import { liveRetryCommand } from "./live_retry.ts";
import { liveStartCommand } from "./live_start.ts";
import { liveStatusCommand } from "./live_status.ts";
import { liveStopCommand } from "./live_stop.ts";
import { liveWatchCommand } from "./live_watch.ts";

/** The group `live`. */
export const liveCommands = buildRouteMap({
  docs: { brief: "Start, stop, show and watch live rooms" },
  routes: {
    start: liveStartCommand,
    stop: liveStopCommand,
    retry: liveRetryCommand,
    status: liveStatusCommand,
    watch: liveWatchCommand,
  },
});
