/**
 * Who a room is for, and who is in it.
 *
 * @module
 */

import type { Person } from "../../wire/person.ts";
import type { PresenceFacts } from "../../wire/presence.ts";
import type { PresenceDesk } from "../ports.ts";
import type { FoundRoom } from "./room_access.ts";

/** Most people of a room that one answer names. */
export const PEOPLE_MAX = 1000;

/** A person with what is known of their being there. */
export interface PersonFacts {
  readonly person: Person;
  readonly presence: PresenceFacts;
}

/** A room's participants, then who else is in it, each once. */
export function peopleOf(found: FoundRoom): Person[] {
  const people = new Map<string, Person>();
  const chat = found.isEnded ? found.room.chat : found.room.facts().chat;
  for (const { userId, nickname } of chat?.participants ?? []) {
    people.set(userId, { userId, nickname });
  }
  for (
    const { userId, nickname } of found.isEnded ? [] : found.room.members()
  ) {
    if (people.size >= PEOPLE_MAX) break;
    if (!people.has(userId)) people.set(userId, { userId, nickname });
  }
  return [...people.values()];
}

/** Looks up whether people are there, in the order given. */
export async function presenceOf(
  people: readonly Person[],
  presence: PresenceDesk,
): Promise<PersonFacts[]> {
  const facts = await presence.facts(people.map(({ userId }) => userId));
  const known = new Map(facts.map((one) => [one.userId, one]));
  return people.flatMap((person) => {
    const found = known.get(person.userId);
    return found === undefined ? [] : [{ person, presence: found }];
  });
}
