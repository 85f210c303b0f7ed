/**
 * What a gate is: every reason to refuse an upgrade, in its dialect's order. A
 * refusal is JSON with the table's status.
 *
 * @module
 */

import type { RoomActor } from "../room/room_actor.ts";
import { ChatError } from "../wire/errors.ts";
import type { Visitor } from "./visitor.ts";

/** A request that asks for a connection. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly ip: string;
}

/** A request that asks for a room. */
export interface Knock extends Call {
  readonly roomId: string;
}

/** Who may enter where. */
export interface Admission {
  readonly actor: RoomActor;
  readonly visitor: Visitor;
}

/** Decides on the upgrades of one dialect. */
export interface Gate {
  /**
   * Lets a visitor in, who still needs a place: while it is learnt who it is,
   * others may have taken the last one.
   *
   * @throws ChatError with the reason why not.
   */
  admit(knock: Knock): Promise<Admission>;
}

/**
 * Requires that a request asks for a WebSocket.
 *
 * @throws ChatError `upgrade_required`.
 */
export function requireUpgrade(request: Request): void {
  const upgrade = request.headers.get("upgrade");
  if (upgrade?.toLowerCase() === "websocket") return;
  throw new ChatError("upgrade_required");
}
