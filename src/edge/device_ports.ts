/**
 * What the way of a device into a room asks of others.
 *
 * @module
 */

import type { Assignment, Opens } from "../device/assigner.ts";
import type { DeviceConnection } from "../device/device_connections.ts";
import type { RoomActor } from "../room/room_actor.ts";
import type { RoomState } from "../room/room_state.ts";
import type { DeviceIdentity } from "../wire/device.ts";
import type { RoomPort } from "./conversation.ts";
import type { Proof } from "./socket_session.ts";

/** A room, as far as a device has to do with it. */
export interface DeviceRoom extends RoomPort, Pick<RoomActor, "offer"> {
  readonly state: Pick<RoomState, "device">;
}

/** Where devices go, and who is there. */
export interface DevicePorts {
  readonly assigner: {
    /**
     * @param opens what the device's proof opens: no other room is made for it.
     * @throws ChatError or StoreError when there is no room to be had.
     */
    assign(
      identity: DeviceIdentity,
      opens: Opens,
    ): Promise<Assignment<DeviceRoom>>;
  };
  readonly homes: {
    /** The device is in a room from now on. */
    note(deviceId: string, roomId: string): void;
  };
  readonly connections: {
    /** The connection is there until the handle is disposed. */
    open(connection: DeviceConnection): Disposable;
  };
}

/** What vouches for a device's id. */
export interface DeviceProof extends Proof {
  /** The rooms that it opens; `null` is any. */
  readonly rooms: ReadonlySet<string> | null;
}

/** Learns whether a device is the one that it says it is. */
export interface DeviceProofs {
  /**
   * @param token what it brought; `null` is nothing.
   * @throws ChatError when the token is missing or wrong.
   */
  prove(token: string | null, deviceId: string): Promise<DeviceProof>;
}

/** What an upgrade request said of a device, before its first frame. */
export interface DeviceClaim {
  readonly token: string | null;
  /** Whether the operator's key came with it, which proves any id. */
  readonly isOperator: boolean;
}
