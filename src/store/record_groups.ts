/**
 * Records as what they do to the tables.
 *
 * @module
 */

import { type CallbackPlan, NO_CALLBACKS } from "../wire/callback.ts";
import type { DurableRecord } from "../wire/record.ts";
import { eventsOf } from "./event_table.ts";
import { requestLink, settleLink } from "./link_table.ts";
import { insertEntry } from "./log_table.ts";
import { advanceAlive } from "./meta_table.ts";
import { insertRoomQuery } from "./room_query_table.ts";
import { insertRoom, RoomProgress } from "./room_table.ts";
import { closeSession, openSession } from "./session_table.ts";
import type { SqlGroup } from "./sqlite_protocol.ts";

/**
 * One group a record, in order, with what the plan tells of it; then what all
 * of them move on together: each room once, however many of its entries there
 * are, and the newest instant.
 */
export function groupsOf(
  records: readonly DurableRecord[],
  plan: CallbackPlan = NO_CALLBACKS,
): SqlGroup[] {
  const groups: SqlGroup[] = [];
  const progress = new RoomProgress();
  let newestAt = 0;
  for (const record of records) {
    const events = eventsOf(record, plan);
    const group = groupOf(record);
    groups.push(events.length === 0 ? group : [...group, ...events]);
    if (record.type === "entry") progress.add(record.entry);
    newestAt = Math.max(newestAt, instantOf(record));
  }
  groups.push(...progress.groups(), advanceAlive(newestAt));
  return groups;
}

function groupOf(record: DurableRecord): SqlGroup {
  switch (record.type) {
    case "room_created":
      return insertRoom(record.room);
    case "entry":
      return insertEntry(record.entry);
    case "session_opened":
      return openSession(record.session);
    case "session_closed":
      return closeSession(record.session);
    case "room_queried":
      return insertRoomQuery(record.query);
    case "link_requested":
      return requestLink(record.link);
    case "link_settled":
      return settleLink(record.link);
  }
}

function instantOf(record: DurableRecord): number {
  switch (record.type) {
    case "room_created":
      return record.room.createdAt;
    case "entry":
      return record.entry.at;
    case "session_opened":
      return record.session.joinedAt;
    case "session_closed":
      return record.session.leftAt;
    case "room_queried":
      return record.query.at;
    case "link_requested":
      return record.link.createdAt;
    case "link_settled":
      return record.link.at;
  }
}
