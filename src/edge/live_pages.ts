/**
 * The newest messages of live rooms, for those who begin to watch.
 *
 * After a restart they are in the database alone, and all who watched come
 * back at once: of each room they are read once at a time, for all who wait.
 *
 * @module
 */

import type { LogPage } from "../room/log_window.ts";
import type { RoomActor } from "../room/room_actor.ts";
import type { LogEntry } from "../wire/entry.ts";
import { LIVE_SNAPSHOT_MAX } from "../wire/limits.ts";

/** A room, as far as it is read. */
export type LivePageRoom = Pick<RoomActor, "id" | "log">;

/** The newest of a room's log, and where it ends. */
export interface LivePage {
  /** Oldest first, at most `LIVE_SNAPSHOT_MAX`. */
  readonly entries: readonly LogEntry[];
  /** What follows has greater numbers. */
  readonly throughSeq: number;
}

/** Reads the newest of logs. */
export class LivePages {
  readonly #reading = new Map<string, Promise<LivePage>>();

  /**
   * The newest page of a room.
   *
   * @throws StoreError when it cannot be read now.
   */
  newest(room: LivePageRoom): Promise<LivePage> {
    const { id } = room;
    const reading = this.#reading.get(id);
    if (reading !== undefined) return reading;
    const page = read(room).finally(() => this.#reading.delete(id));
    this.#reading.set(id, page);
    return page;
  }
}

async function read({ log }: LivePageRoom): Promise<LivePage> {
  const { lastSeq } = log;
  const { entries }: LogPage = await log.page({ limit: LIVE_SNAPSHOT_MAX });
  return { entries, throughSeq: entries.at(-1)?.seq ?? lastSeq };
}
