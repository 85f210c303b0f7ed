/**
 * A dialect that says what a live room says in as few words as do.
 *
 * @module
 */

import type { Decoded, TextDialect } from "../../src/wire/dialect.ts";
import type { RoomEvent } from "../../src/wire/event.ts";

/** What viewers hear, as a type and a number where there is one. */
export const LIVE_WORDS: TextDialect = {
  name: "live-words",
  isPersonal: false,
  decode: (): Decoded => ({ ok: false, code: "bad_json" }),
  encode: (event) => {
    const word = wordOf(event);
    return word === null ? null : JSON.stringify(word);
  },
};

/** The word for an event; `null` when there is none. */
function wordOf(event: RoomEvent): object | null {
  switch (event.type) {
    case "entry": {
      const { kind, payload, seq } = event.entry;
      return { type: kind === "live" ? payload.type : kind, seq };
    }
    case "live_burst": {
      const { fromSeq, messages, toSeq, type } = event.burst;
      return { type: `${messages} ${type}s ${fromSeq}-${toSeq}` };
    }
    case "live_status":
      return { type: event.status.state };
    case "live_stats":
      return { type: "stats of all" };
    case "welcome":
    case "gap":
    case "error":
      return { type: event.type };
    default:
      return null;
  }
}
