/**
 * Devices as the management API shows them.
 *
 * Instants are epoch ms.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { MemberFacts, RoomFacts } from "../room/room_facts.ts";
import type { DeviceStay } from "../store/store.ts";
import type { StoredDevice } from "../wire/device.ts";
import type { LiveConnection } from "./ports.ts";

/** A device as it was last. */
interface DeviceRow {
  readonly device_id: string;
  readonly identity: string;
  readonly room_id: string;
  readonly first_connected_at: number;
  readonly last_connected_at: number;
  /** How many are open now. */
  readonly connections: number;
}

/** A connection that is open. */
interface ConnectionBody {
  readonly session_id: string;
  readonly room_id: string;
  readonly identity: string;
  readonly ip: string;
  readonly connected_at: number;
}

/** A connection, open or not. */
interface StayBody {
  readonly session_id: string;
  readonly room_id: string;
  readonly identity: string;
  readonly client_ip: string;
  readonly connected_at: number;
  readonly disconnected_at: number | null;
  readonly close_code: number | null;
}

/** A device that is in a room. */
interface PresentDeviceBody {
  readonly device_id: string;
  readonly identity: string;
  readonly connections: readonly {
    readonly session_id: string;
    readonly ip: string;
    readonly connected_at: number;
  }[];
}

/** Who is in a device room. */
interface RoomDevicesBody {
  readonly room_id: string;
  /** Connections. */
  readonly total_clients: number;
  /** Devices, those too that are not named. */
  readonly total: number;
  readonly devices: readonly PresentDeviceBody[];
}

/** Makes a row of the list. */
export function deviceRow(
  device: StoredDevice,
  connections: number,
): DeviceRow {
  return {
    device_id: device.deviceId,
    identity: device.lastIdentity,
    room_id: device.lastRoomId,
    first_connected_at: device.firstConnectedAt,
    last_connected_at: device.lastConnectedAt,
    connections,
  };
}

/** Shows a connection that is open. */
export function connectionBody(connection: LiveConnection): ConnectionBody {
  return {
    session_id: connection.sessionId,
    room_id: connection.roomId,
    identity: connection.identity,
    ip: connection.ip,
    connected_at: connection.connectedAt,
  };
}

/** Shows a connection out of the database. */
export function stayBody(stay: DeviceStay): StayBody {
  return {
    session_id: stay.sessionId,
    room_id: stay.roomId,
    identity: stay.identity,
    client_ip: stay.ip,
    connected_at: stay.connectedAt,
    disconnected_at: stay.disconnectedAt,
    close_code: stay.closeCode,
  };
}

/** Shows who is in a device room. */
export function roomDevicesBody(
  roomId: string,
  { currentUsers, sessions }: RoomFacts,
  devices: readonly MemberFacts[],
): RoomDevicesBody {
  return {
    room_id: roomId,
    total_clients: sessions,
    total: currentUsers,
    devices: devices.map(presentDevice),
  };
}

function presentDevice(member: MemberFacts): PresentDeviceBody {
  return {
    device_id: member.userId,
    identity: member.nickname,
    connections: member.sessions.map((session) => ({
      session_id: session.id,
      ip: session.ip,
      connected_at: session.joinedAt,
    })),
  };
}
