/**
 * Who may ask to be matched, and how often.
 *
 * @module
 */

import type { PageSession } from "../../identity/page_session.ts";
import { ChatError } from "../../wire/errors.ts";
import type { Person } from "../../wire/person.ts";
import { personOf } from "./room_access.ts";
import type { UserPace } from "./user_pace.ts";

/**
 * The user to be matched. A match makes a room that no token can have named, so
 * a token for certain rooms is for none of these.
 *
 * @throws {ChatError} `room_refused`, or `rate_limited`.
 */
export function matchableOf(session: PageSession, pace: UserPace): Person {
  if (session.rooms !== null) throw new ChatError("room_refused");
  pace.spend(session.userId);
  return personOf(session);
}
