/**
 * The settings of device rooms.
 *
 * @module
 */

import { choice, flag, integer, optionalBindAddress } from "./setting.ts";

/** Rows of the table of settings. */
export const DEVICE_FIELDS = {
  DEVICE_BIND_ADDRESS: optionalBindAddress(
    "unset: devices connect at /ws/devices alone",
    "A port of their own for devices, such as 0.0.0.0:8765",
  ),
  IDENTITY_TIMEOUT_SECONDS: integer(
    10,
    [1, 300],
    "Seconds in which a device must say who it is",
  ),
  DEVICE_CREATE_NAMED_ROOMS: flag(
    false,
    "Whether a room that a device names is made when there is none",
  ),
  DEVICE_STAMP: flag(
    false,
    "Whether from_device_id and message_type are added to broadcasts too",
  ),
  DEVICE_AUTH: choice(
    ["open", "token"],
    "open",
    "Whether a device id is taken as given or needs a token",
  ),
  DEVICE_ROOM_TTL_MINUTES: integer(
    10,
    [0, 10_080],
    "Minutes after which an empty device room ends, looked at every 5; 0 is never",
  ),
  DEVICE_ROOMS_MAX: integer(
    50_000,
    [1, 1_000_000],
    "Device rooms that have not ended, of all that ROOMS_MAX allows",
  ),
  DEVICE_SESSIONS_MAX: integer(
    100,
    [1, 1000],
    "Connections of one device in one room; a newer one replaces the oldest",
  ),
};
