/**
 * `parlor devices …`
 *
 * @module
 */

import { buildRouteMap } from "@stricli/core";
import { devicesDisconnectCommand } from "./devices_disconnect.ts";
import { devicesListCommand } from "./devices_list.ts";
import { devicesShowCommand } from "./devices_show.ts";
import { devicesWatchCommand } from "./devices_watch.ts";

/** The group `devices`. */
export const devicesCommands = buildRouteMap({
  docs: { brief: "List, show, disconnect and watch devices" },
  routes: {
    list: devicesListCommand,
    show: devicesShowCommand,
    disconnect: devicesDisconnectCommand,
    watch: devicesWatchCommand,
  },
});
