/**
 * That a user is here, or gone, told at once (COMPAT 0.3).
 *
 * In a room of many that would be most of what is said, so there each is told
 * of themselves only; a client asks for the list instead.
 *
 * @module
 */

import type { Person } from "../wire/person.ts";
import type { RoomEffects } from "./room_effects.ts";
import type { RoomState } from "./room_state.ts";
import type { Session } from "./session.ts";

/** Most users of a room in which arrivals and departures are told to all. */
export const ARRIVALS_TOLD_MAX = 50;

/** Tells one session that its user is here. */
export function tellSelf(session: Session, effects: RoomEffects): void {
  effects.send(session, { type: "arrived", user: personOf(session) });
}

/** Tells all that a user's first session is here; `false` among too many. */
export function tellArrival(
  session: Session,
  state: RoomState,
  effects: RoomEffects,
): boolean {
  return tellAll("arrived", session, state, effects);
}

/** Tells all that a user's last session is gone; `false` among too many. */
export function tellDeparture(
  session: Session,
  state: RoomState,
  effects: RoomEffects,
): boolean {
  return tellAll("departed", session, state, effects);
}

function tellAll(
  type: "arrived" | "departed",
  session: Session,
  { presence }: RoomState,
  effects: RoomEffects,
): boolean {
  if (presence.userCount > ARRIVALS_TOLD_MAX) return false;
  effects.broadcast({ type, user: personOf(session) }, { droppable: true });
  return true;
}

function personOf({ userId, nickname }: Session): Person {
  return { userId, nickname };
}
