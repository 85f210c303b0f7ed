/**
 * What all rooms need to go on after a restart, in a fixed number of queries.
 *
 * @module
 */

import type { LogEntry } from "../wire/entry.ts";
import { selectNamed, sendOf } from "./log_table.ts";
import { penaltyOf, selectPenalties } from "./penalty_table.ts";
import { selectActiveRooms, storedRoom } from "./room_table.ts";
import { text } from "./row.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import type { SqlRow } from "./sqlite_protocol.ts";
import type { Penalty, RecoveredRoom, StoredRoom } from "./store.ts";

/** A recovered room while its lists are being filled. */
interface Recovery {
  readonly room: StoredRoom;
  readonly bans: Penalty[];
  readonly mutes: Penalty[];
  readonly recentSends: LogEntry<"message" | "relay">[];
}

/** Every room that has not ended, oldest first, as it stands at `now`. */
export async function recoveredRooms(
  connection: Pick<SqliteConnection, "query">,
  { sendsSinceAt, now }: { sendsSinceAt: number; now: number },
): Promise<RecoveredRoom[]> {
  const [rooms = [], bans = [], mutes = [], sends = []] = await connection
    .query(
      selectActiveRooms(),
      selectPenalties("room_ban", now),
      selectPenalties("room_mute", now),
      selectNamed(sendsSinceAt),
    );
  const byId = new Map<string, Recovery>();
  for (const row of rooms) {
    const room = storedRoom(row);
    byId.set(room.id, { room, bans: [], mutes: [], recentSends: [] });
  }
  for (const row of bans) roomOf(row, byId)?.bans.push(penaltyOf(row));
  for (const row of mutes) roomOf(row, byId)?.mutes.push(penaltyOf(row));
  for (const row of sends) {
    const send = sendOf(row);
    if (send !== undefined) roomOf(row, byId)?.recentSends.push(send);
  }
  return [...byId.values()];
}

function roomOf(
  row: SqlRow,
  byId: ReadonlyMap<string, Recovery>,
): Recovery | undefined {
  return byId.get(text(row, "room_id"));
}
