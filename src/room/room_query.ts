/**
 * Who is in a device room, for a device that asks (COMPAT 3.3).
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";
import { ROOM_INFO_CLIENTS_MAX } from "../wire/limits.ts";
import type { Person } from "../wire/person.ts";
import type { TurnContext } from "./room_effects.ts";
import type { RoomState } from "./room_state.ts";
import type { Session } from "./session.ts";

/**
 * Answers a session, and keeps that it asked if that can be kept now: the
 * answer tells nobody anything that a crash could take back.
 *
 * @throws ChatError `unknown_type` in rooms of other kinds.
 */
export function answerRoomQuery(
  session: Session,
  state: RoomState,
  { now, effects }: TurnContext,
): void {
  if (state.kind !== "device") throw new ChatError("unknown_type");
  const { id: roomId, presence } = state;
  const { userId } = session;
  const query = { id: state.newId(), roomId, userId, at: now };
  effects.record([{ type: "room_queried", query }]);
  effects.send(session, {
    type: "room_info",
    roomId,
    totalClients: presence.sessionCount,
    clients: othersThan(session, state),
  });
}

function othersThan(session: Session, { presence }: RoomState): Person[] {
  const others: Person[] = [];
  for (const other of presence.sessions()) {
    if (others.length >= ROOM_INFO_CLIENTS_MAX) break;
    if (other === session) continue;
    const { userId, nickname } = other;
    others.push({ userId, nickname });
  }
  return others;
}
