/**
 * The rooms of a server: made from its settings, and brought back at a start.
 *
 * @module
 */

import type { Clock } from "./base/clock.ts";
import type { Ids } from "./base/ids.ts";
import type { Log } from "./base/log.ts";
import type { Metrics } from "./base/metrics.ts";
import type { Config } from "./config.ts";
import type { Recorder } from "./record/recorder.ts";
import type { LogReader } from "./room/log_window.ts";
import { Replayer } from "./room/replayer.ts";
import { type RegistryOptions, RoomRegistry } from "./room/room_registry.ts";
import type { RoomOptions } from "./room/room_state.ts";
import type { Scheduler } from "./room/scheduler.ts";
import type { RecoveredRoom, Store } from "./store/store.ts";
import { IDEMPOTENCY_MS } from "./wire/limits.ts";

/** What rooms work with, and who hears of them. */
export interface RoomsOptions
  extends Pick<RegistryOptions, "onEnded" | "onPeopleChanged"> {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly scheduler: Scheduler;
  readonly store: Store;
}

/** Replays that read the database at a time. */
const REPLAYS_MAX = 16;

/** Client message ids that one room remembers. */
const SENDS_MAX = 10_000;

/** Bans, and mutes, of one room. */
const PENALTIES_MAX = 100_000;

/** Makes the registry, with no room in it. */
export function newRooms(options: RoomsOptions): RoomRegistry {
  const { config, log, metrics } = options;
  const { room } = config;
  return new RoomRegistry({
    ...options,
    world: {
      ...options,
      reader: logReader(options),
      replayer: new Replayer({ log, metrics, runningMax: REPLAYS_MAX }),
      laneMax: room.mailboxLaneMax,
      lowRunMax: room.lowSliceMax,
    },
    room: roomOptions(config),
    roomsMax: room.roomsMax,
  });
}

/** Reads what a room has forgotten, with all of it that was accepted. */
function logReader(
  { recorder, store }: Pick<RoomsOptions, "recorder" | "store">,
): LogReader {
  return {
    read: async (roomId, range) => {
      await recorder.flushRoom(roomId);
      return await store.log(roomId, range);
    },
    message: async (roomId, seq) => {
      await recorder.flushRoom(roomId);
      return await store.message(roomId, seq);
    },
    unread: async (roomId, userId, seqs) => {
      await recorder.flushRoom(roomId);
      return await store.unread(roomId, userId, { seqs, limit: seqs.length });
    },
  };
}

function roomOptions(
  { chat, device, journal, live, room }: Config,
): RoomOptions {
  return {
    chatIntervalMs: room.messageIntervalMs,
    membersMax: room.membersMax,
    sessionsPerUserMax: room.sessionsPerUserMax,
    chatSessionsPerUserMax: chat.sessionsPerUserMax,
    deviceSessionsPerUserMax: device.sessionsMax,
    recentEntriesMax: room.resumeMemoryEntriesMax,
    resumeEntriesMax: room.resumeEntriesMax,
    sendsMax: SENDS_MAX,
    penaltiesMax: PENALTIES_MAX,
    durability: journal.durability,
    isLiveChatOpen: live.isChatOpen,
  };
}

/** Brings the rooms back that had not ended, and closes what a crash left open. */
export async function recoverRooms(
  registry: RoomRegistry,
  { clock, log, store }: Pick<RoomsOptions, "clock" | "log"> & {
    readonly store: Pick<Store, "closeOrphans" | "recover">;
  },
): Promise<void> {
  const orphans = await store.closeOrphans();
  const sendsSinceAt = clock.now() - IDEMPOTENCY_MS;
  const rooms = await store.recover({ sendsSinceAt });
  for (const recovered of rooms) registry.restore(roomStart(recovered));
  if (rooms.length === 0) return;
  log.info(`Recovered rooms: ${rooms.length}`, {
    event: "rooms_recovered",
    rooms: rooms.length,
    orphanedSessions: orphans.count,
  });
}

function roomStart({ room, ...standing }: RecoveredRoom) {
  const emptySinceAt = room.lastLeftAt ?? room.createdAt;
  return { ...room, ...standing, emptySinceAt };
}
