/**
 * Everything that the pages are built from.
 *
 * @module
 */

import type { GateDeps, ToolsDeps } from "../tools/tools_deps.ts";

/** What tells users apart, and the part of what they call that pages take. */
export type PageDeps =
  & GateDeps
  & Pick<
    ToolsDeps,
    | "clock"
    | "limits"
    | "loginMs"
    | "messages"
    | "recorder"
    | "rooms"
    | "trustProxy"
  >;
