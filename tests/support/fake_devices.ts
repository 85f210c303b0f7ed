/**
 * Devices that are connected for as long as a test says.
 *
 * @module
 */

import type { DeviceDesk, LiveConnection } from "../../src/http/ports.ts";
import type { StoredDevice } from "../../src/wire/device.ts";
import { START_AT } from "./fake_clock.ts";

/** A desk that a test fills. */
export class FakeDevices implements DeviceDesk {
  readonly #open = new Map<string, LiveConnection[]>();

  of(deviceId: string): readonly LiveConnection[] {
    return this.#open.get(deviceId) ?? [];
  }

  disconnect(deviceId: string): number {
    const count = this.of(deviceId).length;
    this.#open.delete(deviceId);
    return count;
  }

  connect(deviceId: string, more: Partial<LiveConnection> = {}): void {
    const connections = this.#open.get(deviceId) ?? [];
    const connection: LiveConnection = {
      sessionId: `${deviceId}-${connections.length + 1}`,
      roomId: "ROOM0001",
      identity: "sensor",
      ip: "192.0.2.1",
      connectedAt: START_AT + connections.length,
      ...more,
    };
    this.#open.set(deviceId, [...connections, connection]);
  }
}

/** A device as the database would know it. */
export function newStoredDevice(
  deviceId: string,
  more: Partial<StoredDevice> = {},
): StoredDevice {
  return {
    deviceId,
    firstConnectedAt: START_AT,
    lastConnectedAt: START_AT + 1000,
    lastRoomId: "ROOM0001",
    lastIdentity: "sensor",
    ...more,
  };
}
