/**
 * The part of the server that devices see: where each was last, where it comes
 * to, and who is connected.
 *
 * @module
 */

import { counterTotal } from "./base/counter_total.ts";
import type { Ids } from "./base/ids.ts";
import type { Metrics } from "./base/metrics.ts";
import type { Config } from "./config.ts";
import { Assigner, type DeviceRooms } from "./device/assigner.ts";
import { DeviceConnections } from "./device/device_connections.ts";
import { DeviceHomes } from "./device/device_homes.ts";
import type { Relayed } from "./jobs/device_status.ts";
import type { Recorder } from "./record/recorder.ts";
import { isPublicName } from "./room/public_room.ts";
import type { RoomActor } from "./room/room_actor.ts";
import type { RoomRegistry } from "./room/room_registry.ts";
import type { Store } from "./store/store.ts";
import { ChatError } from "./wire/errors.ts";

/** What it works with. */
export interface DevicesOptions {
  readonly config: Config;
  readonly ids: Ids;
  readonly metrics: Metrics;
  readonly recorder: Recorder;
  readonly registry: RoomRegistry;
  readonly store: Store;
}

/** Its parts. */
export interface Devices {
  readonly assigner: Assigner<RoomActor>;
  readonly connections: DeviceConnections;
  readonly homes: DeviceHomes;
  readonly traffic: { relayed(): Promise<Relayed> };
}

/** Puts the parts together. */
export function newDevices(options: DevicesOptions): Devices {
  const { config, ids, metrics, recorder, store } = options;
  const homes = new DeviceHomes({
    reader: store,
    flush: () => recorder.flushAll(),
  });
  const assigner = new Assigner<RoomActor>({
    homes,
    ids,
    rooms: deviceRooms(options),
    stored: { rooms: (roomIds) => store.knownRooms(roomIds) },
    createsNamedRooms: config.device.createsNamedRooms,
  });
  const connections = new DeviceConnections();
  metrics.beforeText(() => metrics.devices.set(connections.deviceCount));
  return {
    assigner,
    connections,
    homes,
    traffic: {
      relayed: async () => ({
        in: await counterTotal(metrics.relayedIn),
        out: await counterTotal(metrics.relayedOut),
      }),
    },
  };
}

function deviceRooms(
  { config, recorder, registry }: DevicesOptions,
): DeviceRooms<RoomActor> {
  return {
    find: (roomId) => {
      const room = registry.get(roomId);
      return room?.state.kind === "device" ? room : undefined;
    },
    // At some names people find a room of their own (COMPAT 0.1).
    isUsed: (roomId) =>
      registry.get(roomId) !== undefined || isPublicName(roomId),
    followerOf: (originId) => registry.followerOf(originId),
    create: ({ id, originId }) => {
      if (registry.deviceRoomCount >= config.device.roomsMax) {
        throw new ChatError("too_many_rooms");
      }
      return registry.create({
        id,
        name: id,
        adminUserIds: [],
        autoClose: true,
        slowModeSecs: null,
        membersMax: null,
        pinned: null,
        device: { originId },
      });
    },
    flush: (roomId) => recorder.flushRoom(roomId),
  };
}
