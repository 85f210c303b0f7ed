/**
 * Stands in for a source that a stored link names and nobody has configured.
 *
 * The link stays, says what is wrong with it, and works again once the source
 * is back in the operator's file.
 *
 * @module
 */

import type { LiveSource } from "./source.ts";

/** A source that answers nothing. */
export function missingSource(name: string): LiveSource {
  return {
    name,
    answersPings: false,
    check: () => Promise.resolve({ kind: "unknown", fault: "connect_failed" }),
    connect: (_liveId, events) => {
      events.onEnd({ fault: "connect_failed", detail: "No such source" });
      return {
        pause: () => {},
        resume: () => {},
        ping: () => {},
        close: () => {},
        cut: () => {},
      };
    },
  };
}
