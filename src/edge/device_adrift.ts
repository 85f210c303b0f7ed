/**
 * What a device is told that is in no room, because nothing can be recorded
 * now. It is alone, and whatever it says for others is refused, so that
 * nothing is lost without a word.
 *
 * @module
 */

import { STORAGE_RETRY_MS } from "../room/room_state.ts";
import {
  Inbound,
  type InboundCommand,
  type InboundOptions,
} from "./inbound.ts";

/** The way in from a device that is adrift, in a room that is not kept. */
export function adriftInbound(
  options: InboundOptions,
  roomId: string,
): Inbound {
  const { session } = options;
  return new Inbound(options, (command) => {
    if (command.type === "query_room") {
      const alone = { totalClients: 1, clients: [] };
      return session.tell({ type: "room_info", roomId, ...alone });
    }
    session.tell({
      type: "error",
      code: "storage_unavailable",
      retryAfterMs: STORAGE_RETRY_MS,
      ...nameOf(command),
    });
  });
}

/** The sender's own id for what is refused, if it gave one. */
function nameOf(command: InboundCommand): { readonly clientMsgId?: string } {
  if (command.type !== "relay" || command.clientMsgId === undefined) return {};
  return { clientMsgId: command.clientMsgId };
}
