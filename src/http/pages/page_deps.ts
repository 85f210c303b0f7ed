/**
 * Everything that the pages are built from.
 *
 * @module
 */

import type { GateDeps, ToolsDeps } from "../tools/tools_deps.ts";

/** What the pages of live rooms show before a browser asks for more. */
export interface LivePageFacts {
  /** Whether anybody may start and stop. */
  readonly isPublic: boolean;
  /** Whether viewers may write. */
  readonly isChatOpen: boolean;
  readonly defaultSource: string;
  isKnown(liveId: string): boolean;
}

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
  >
  & { readonly live: LivePageFacts };
