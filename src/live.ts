/**
 * The part of the server that reaches outside: links to live rooms, and where
 * they come from.
 *
 * @module
 */

import type { Clock } from "./base/clock.ts";
import type { Ids } from "./base/ids.ts";
import type { Log } from "./base/log.ts";
import type { Metrics } from "./base/metrics.ts";
import type { Config } from "./config.ts";
import type { LiveRoom, LiveRooms } from "./live/live_room.ts";
import type { LiveStore } from "./live/live_store.ts";
import type { LiveSource } from "./live/source.ts";
import { Supervisor } from "./live/supervisor.ts";
import type { Recorder } from "./record/recorder.ts";
import type { RoomActor } from "./room/room_actor.ts";
import type { RoomRegistry } from "./room/room_registry.ts";
import type { SqliteStore } from "./store/sqlite_store.ts";
import type { LinkStatus } from "./wire/live.ts";

/** What it works with. */
export interface LiveOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly registry: RoomRegistry;
  readonly sources: ReadonlyMap<string, LiveSource>;
  readonly store: SqliteStore;
}

/** Puts the supervisor together; it does nothing until it is started. */
export function newSupervisor(options: LiveOptions): Supervisor {
  const { config, registry } = options;
  return new Supervisor({
    ...options,
    ...config.live,
    rooms: liveRooms(registry),
    store: liveStore(options),
  });
}

/**
 * Brings the links back that are wanted.
 *
 * A live room of which no link is known any more is told so: until a room knows
 * that nobody wants it, it is not recycled.
 */
export async function startLinks(
  { registry, supervisor }: {
    readonly registry: RoomRegistry;
    readonly supervisor: Supervisor;
  },
): Promise<void> {
  await supervisor.start();
  for (const actor of registry.all()) {
    const { live } = actor.state;
    if (live === null || supervisor.view(live.liveId) !== undefined) continue;
    actor.announce({ type: "live_status", status: unknownLink(live.liveId) });
  }
}

function unknownLink(liveId: string): LinkStatus {
  return {
    liveId,
    source: "",
    state: "stopped",
    isActive: false,
    isWanted: false,
    reconnectCount: 0,
    lastMessageAt: 0,
    retryAt: null,
    fault: null,
    faultCode: null,
    warning: null,
    quality: null,
  };
}

/** Reads what a room's log has with all of it that was accepted. */
function liveStore(
  { recorder, store }: Pick<LiveOptions, "recorder" | "store">,
): LiveStore {
  return {
    links: () => store.links(),
    saveLinks: (links) => store.saveLinks(links),
    forgetLinks: (liveIds) => store.forgetLinks(liveIds),
    countLive: async (roomId, afterSeq) => {
      await recorder.flushRoom(roomId);
      return await store.countLive(roomId, afterSeq);
    },
    upstreamIds: async (roomId, limit) => {
      await recorder.flushRoom(roomId);
      return await store.upstreamIds(roomId, limit);
    },
    giftTexts: async (roomId, limit) => {
      await recorder.flushRoom(roomId);
      return await store.giftTexts(roomId, limit);
    },
    holdLeases: (claim) => store.holdLeases(claim),
    dropLeases: (owner, liveIds) => store.dropLeases(owner, liveIds),
  };
}

function liveRooms(registry: RoomRegistry): LiveRooms {
  return {
    find: (liveId) => {
      const actor = registry.liveRoom(liveId);
      return actor === undefined ? undefined : liveRoom(actor);
    },
    create: (liveId) =>
      liveRoom(registry.create({
        name: liveId,
        adminUserIds: [],
        autoClose: true,
        slowModeSecs: null,
        membersMax: null,
        pinned: null,
        live: { liveId },
      })),
  };
}

function liveRoom(actor: RoomActor): LiveRoom {
  return {
    id: actor.id,
    get watcherCount() {
      return actor.state.presence.sessionCount;
    },
    feed: (messages, isUrgent) => actor.feed(messages, isUrgent),
    announce: (news) => void actor.announce(news),
  };
}
