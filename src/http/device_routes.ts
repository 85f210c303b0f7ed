/**
 * Devices: which there are and were, and who is in a device room.
 *
 * @module
 */

import { type Context, Hono } from "@hono/hono";
import { z } from "zod";
import type { StoredDevice } from "../wire/device.ts";
import { ChatError } from "../wire/errors.ts";
import { DEVICE_CHARS_MAX, ROOM_ID_CHARS_MAX } from "../wire/limits.ts";
import { boundedText } from "../wire/text.ts";
import {
  connectionBody,
  deviceRow,
  roomDevicesBody,
  stayBody,
} from "./device_body.ts";
import { queryInteger } from "./fields.ts";
import type { HttpDeps } from "./http_deps.ts";
import type { LiveConnection, RoomDirectory } from "./ports.ts";
import { readParam, readQuery } from "./request_input.ts";
import { liveRoom, roomNotFound } from "./room_lookup.ts";

type DeviceRoutesDeps = Pick<HttpDeps, "devices" | "recorder" | "store">;

/** Most open connections of one device that an answer names. */
export const LIVE_MAX = 1000;

const DEVICE_ID = boundedText(DEVICE_CHARS_MAX);

const LIST_QUERY = z.object({
  after: DEVICE_ID.optional(),
  room_id: boundedText(ROOM_ID_CHARS_MAX).optional(),
  limit: queryInteger(1, 1000).default(100),
});
type ListQuery = z.infer<typeof LIST_QUERY>;

const HISTORY_QUERY = z.object({ limit: queryInteger(1, 200).default(50) });

const ROOM_QUERY = z.object({ limit: queryInteger(1, 1000).default(100) });

/** `/management/devices`. */
export function deviceRoutes(deps: DeviceRoutesDeps): Hono {
  const { devices } = deps;
  return new Hono()
    .get("/", async (c) => {
      const query = readQuery(c, LIST_QUERY);
      return c.json(await deviceList(deps, query));
    })
    .get("/:device_id", async (c) => {
      const { limit } = readQuery(c, HISTORY_QUERY);
      return c.json(await deviceDetail(deps, deviceIdOf(c), limit));
    })
    .post("/:device_id/disconnect", async (c) => {
      const deviceId = deviceIdOf(c);
      // Those that are here can be put out while the database is not.
      const disconnected = devices.disconnect(deviceId);
      if (disconnected === 0) await knownDevice(deps, deviceId);
      return c.json({ device_id: deviceId, disconnected });
    });
}

/** `/management/rooms/{id}/devices`. */
export function roomDeviceRoutes(
  { rooms }: { readonly rooms: RoomDirectory },
): Hono {
  return new Hono().get("/:room_id/devices", (c) => {
    const { limit } = readQuery(c, ROOM_QUERY);
    const room = liveRoom(rooms, c.req.param("room_id"));
    const facts = room.facts();
    if (facts.kind !== "device") throw roomNotFound(room.id);
    const present = Iterator.from(room.members()).take(limit).toArray();
    return c.json(roomDevicesBody(room.id, facts, present));
  });
}

function deviceIdOf(c: Context): string {
  return readParam(c, "device_id", DEVICE_ID);
}

async function deviceList(
  { devices, recorder, store }: DeviceRoutesDeps,
  { after, room_id: roomId, limit }: ListQuery,
) {
  await recorder.flushAll();
  // One more than asked tells whether there is more.
  const found = await store.devices({
    limit: limit + 1,
    ...(after === undefined ? {} : { afterId: after }),
    ...(roomId === undefined ? {} : { roomId }),
  });
  const shown = found.slice(0, limit);
  return {
    devices: shown.map((device) =>
      deviceRow(device, devices.of(device.deviceId).length)
    ),
    next: found.length > limit ? shown.at(-1)?.deviceId ?? null : null,
  };
}

async function deviceDetail(
  deps: DeviceRoutesDeps,
  deviceId: string,
  limit: number,
) {
  const device = await knownDevice(deps, deviceId);
  const stays = await deps.store.deviceStays(deviceId, { limit });
  const live = deps.devices.of(deviceId);
  return {
    ...deviceRow(device, live.length),
    live: live.slice(-LIVE_MAX).map(connectionBody),
    history: stays.map(stayBody),
  };
}

/**
 * A device of the database, with all of it that was accepted, or one that came
 * into no room that is kept and is connected all the same.
 *
 * @throws {ChatError} `device_not_found`.
 */
async function knownDevice(
  { devices, recorder, store }: DeviceRoutesDeps,
  deviceId: string,
): Promise<StoredDevice> {
  await recorder.flushAll();
  const stored = await store.device(deviceId);
  const known = stored ?? unkeptDevice(deviceId, devices.of(deviceId));
  if (known === undefined) throw new ChatError("device_not_found");
  return known;
}

function unkeptDevice(
  deviceId: string,
  connections: readonly LiveConnection[],
): StoredDevice | undefined {
  const [first] = connections;
  const last = connections.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    deviceId,
    firstConnectedAt: first.connectedAt,
    lastConnectedAt: last.connectedAt,
    lastRoomId: last.roomId,
    lastIdentity: last.identity,
  };
}
