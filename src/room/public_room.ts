/**
 * Rooms that nobody makes by hand: they are there for whoever is logged in,
 * from the first visit on (COMPAT 0.1, 0.3).
 *
 * @module
 */

import type { Person } from "../wire/person.ts";
import { ROOM_ID_CHARS_MAX } from "../wire/limits.ts";
import type { NewRoomSpec } from "./room_registry.ts";

/** Always the same rooms, which stay when they are empty. */
const LASTING_IDS = new Set(["public-room", "general", "chat", "random"]);

/** What the ids of rooms for a test begin with. */
const TEST_PREFIX = "test-room-";

/** What follows a name in the id of a room that had one of the name before. */
const LIFE_SUFFIX = /\.[0-9a-f]{8}$/;

/** Whether an id is a public room's name: the id of the first of that name. */
export function isPublicName(id: string): boolean {
  if (LASTING_IDS.has(id)) return true;
  const isTest = id.startsWith(TEST_PREFIX) && id.length <= ROOM_ID_CHARS_MAX;
  return isTest && publicNameOf(id) === undefined;
}

/**
 * The name of the public room that an id is a later life of; `undefined` when
 * it is none.
 */
export function publicNameOf(id: string): string | undefined {
  if (!LIFE_SUFFIX.test(id)) return undefined;
  const name = id.replace(LIFE_SUFFIX, "");
  return isPublicName(name) ? name : undefined;
}

/** What to make of a public room's name; `undefined` when it is none. */
export function publicRoom(
  id: string,
  visitor: Person,
): (NewRoomSpec & { readonly id: string }) | undefined {
  if (!isPublicName(id)) return undefined;
  const { userId, nickname } = visitor;
  return {
    id,
    name: id,
    adminUserIds: [],
    autoClose: true,
    slowModeSecs: 0,
    membersMax: null,
    pinned: LASTING_IDS.has(id) ? "" : null,
    chat: {
      access: "open",
      participants: [{ userId, nickname }],
      isWaiting: false,
    },
  };
}
