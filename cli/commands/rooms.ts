/**
 * `parlor rooms …`
 *
 * @module
 */

import { buildRouteMap } from "@stricli/core";
import { roomsCloseCommand } from "./rooms_close.ts";
import { roomsCreateCommand } from "./rooms_create.ts";
import { roomsListCommand } from "./rooms_list.ts";
import { roomsShowCommand } from "./rooms_show.ts";

/** The group `rooms`. */
export const roomsCommands = buildRouteMap({
  docs: { brief: "List, show, create and close rooms" },
  routes: {
    list: roomsListCommand,
    show: roomsShowCommand,
    create: roomsCreateCommand,
    close: roomsCloseCommand,
  },
});
