/**
 * The frames of `/ws/presence` as a connection speaks them.
 *
 * Only what a connection says by itself is an event here; what is pushed has
 * frames of its own.
 *
 * @module
 */

import type { TextDialect } from "../wire/dialect.ts";
import { decodePresence, encodePush } from "../wire/presence_frame.ts";

/** What a connection outside any room says and understands. */
export const PUSH_DIALECT: TextDialect = {
  name: "presence",
  isPersonal: false,
  decode: decodePresence,
  encode: (event) => {
    switch (event.type) {
      case "error":
      case "heartbeat":
      case "heartbeat_ack":
      case "pong":
        return encodePush(event);
      default:
        return null;
    }
  },
};
