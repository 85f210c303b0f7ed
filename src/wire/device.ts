/**
 * Devices: who they are, and how they come into a room.
 *
 * @module
 */

/** How a device came into its room (COMPAT 3.1). */
export type AssignmentStatus =
  /** Into the room that it named. */
  | "joined_existing"
  /** Into the room where it was last. */
  | "reconnected"
  | "created_new"
  /** Into none that is kept: nothing can be recorded now. */
  | "error";

/** Whom a device says it is, in its first frame (COMPAT 3.1). */
export interface DeviceIdentity {
  readonly deviceId: string;
  /** What it is, such as `sensor`; shown to others and not checked. */
  readonly identity: string;
  /** The room that it names; absent leaves the choice to the server. */
  readonly roomId?: string;
  /** What vouches for the device id, where that is asked for. */
  readonly token?: string;
}

/** What is kept of a device. Instants are in epoch ms. */
export interface StoredDevice {
  readonly deviceId: string;
  readonly firstConnectedAt: number;
  readonly lastConnectedAt: number;
  readonly lastRoomId: string;
  readonly lastIdentity: string;
}
