/**
 * The way in for viewers of live rooms, put together.
 *
 * @module
 */

import type { Core, CoreOptions } from "./core.ts";
import { LiveDialects } from "./edge/live_dialects.ts";
import {
  LiveEndpoint,
  type LiveEndpointOptions,
} from "./edge/live_endpoint.ts";
import { LiveGate } from "./edge/live_gate.ts";
import type { LoginDesk } from "./edge/login_desk.ts";
import type { VisitorDesk } from "./edge/visitor.ts";
import { liveDialect } from "./wire/live_dialect.ts";

/** What it shares with the other ways in. */
type Shared =
  & Omit<LiveEndpointOptions, "dialects" | "gate" | "views">
  & { readonly desk: VisitorDesk; readonly login: LoginDesk };

/** Makes the endpoint. */
export function newLiveEndpoint(
  shared: Shared,
  { config }: Pick<CoreOptions, "config">,
  { registry, supervisor }: Pick<Core, "registry" | "supervisor">,
): LiveEndpoint {
  const { client } = config;
  return new LiveEndpoint({
    ...shared,
    dialects: new LiveDialects({
      make: (liveId) => liveDialect({ ...client, liveId }),
    }),
    gate: new LiveGate({
      ...shared,
      findRoom: (liveId) => registry.liveRoom(liveId),
    }),
    views: supervisor,
  });
}
