/**
 * `parlor callbacks …`
 *
 * @module
 */

import { buildRouteMap } from "@stricli/core";
import { callbacksDeadCommand } from "./callbacks_dead.ts";
import { callbacksReplayCommand } from "./callbacks_replay.ts";
import { callbacksSampleCommand } from "./callbacks_sample.ts";
import {
  callbacksEnableCommand,
  callbacksPauseCommand,
  callbacksResumeCommand,
} from "./callbacks_state.ts";
import { callbacksStatusCommand } from "./callbacks_status.ts";

/** The group `callbacks`. */
export const callbacksCommands = buildRouteMap({
  docs: { brief: "Show, hold back, repeat and try what the backend is told" },
  routes: {
    status: callbacksStatusCommand,
    dead: callbacksDeadCommand,
    replay: callbacksReplayCommand,
    pause: callbacksPauseCommand,
    resume: callbacksResumeCommand,
    enable: callbacksEnableCommand,
    test: callbacksSampleCommand,
  },
});
