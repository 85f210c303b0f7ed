/**
 * What the HTTP API answers about devices. Instants are in epoch ms.
 *
 * @module
 */

import { z } from "zod";

const device = z.looseObject({
  device_id: z.string(),
  identity: z.string(),
  room_id: z.string(),
  first_connected_at: z.number(),
  last_connected_at: z.number(),
  connections: z.number(),
});

/** A device of an answer. */
export type DeviceAnswer = z.infer<typeof device>;

/** `GET /management/devices`; `next` is where the following page begins. */
export const devicesAnswer = z.looseObject({
  devices: z.array(device),
  next: z.string().nullable(),
});

const connection = z.looseObject({
  session_id: z.string(),
  room_id: z.string(),
  identity: z.string(),
  ip: z.string(),
  connected_at: z.number(),
});

/** A connection that is open. */
export type ConnectionAnswer = z.infer<typeof connection>;

const stay = z.looseObject({
  session_id: z.string(),
  room_id: z.string(),
  identity: z.string(),
  client_ip: z.string(),
  connected_at: z.number(),
  disconnected_at: z.number().nullable(),
  close_code: z.number().nullable(),
});

/** A connection of the past, or one that is open, as it was recorded. */
export type DeviceStayAnswer = z.infer<typeof stay>;

/** `GET /management/devices/{id}`; `history` is newest first. */
export const deviceDetailAnswer = device.extend({
  live: z.array(connection),
  history: z.array(stay),
});

/** All of a device of an answer. */
export type DeviceDetailAnswer = z.infer<typeof deviceDetailAnswer>;

/** `POST /management/devices/{id}/disconnect`. */
export const disconnectedAnswer = z.looseObject({
  device_id: z.string(),
  disconnected: z.number(),
});
