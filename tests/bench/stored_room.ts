/**
 * A room and its messages, for what is measured without a server.
 *
 * @module
 */

import { systemIds } from "../../src/base/ids.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import type { NewRoom } from "../../src/wire/record.ts";

export const ROOM: NewRoom = {
  id: systemIds.uuid(),
  kind: "managed",
  epoch: systemIds.uuid(),
  adminUserIds: [],
  autoClose: false,
  createdAt: 1,
  name: "Bench",
  slowModeSecs: null,
  membersMax: null,
  pinned: null,
};

/** A message of the room; the later its number, the later it was said. */
export function newMessage(seq: number): LogEntry {
  return {
    roomId: ROOM.id,
    seq,
    id: systemIds.uuid(),
    at: seq,
    kind: "message",
    actor: "ann",
    payload: { nickname: "Ann", content: "x".repeat(64), isAdmin: false },
  };
}
