/**
 * The devices that are connected, for an operator.
 *
 * @module
 */

/** One connection of a device. */
export interface DeviceConnection {
  readonly deviceId: string;
  readonly sessionId: string;
  /** What the device says it is. */
  readonly identity: string;
  readonly ip: string;
  readonly roomId: string;
  /** Epoch ms. */
  readonly connectedAt: number;
  /** Tells the device that the operator ends this, and closes. */
  end(): void;
}

/** Device id → its connections, of which it may have several. */
export class DeviceConnections {
  readonly #byDevice = new Map<string, Set<DeviceConnection>>();

  /** Devices with an open connection. */
  get deviceCount(): number {
    return this.#byDevice.size;
  }

  /** Adds a connection until it is disposed of, once or more often. */
  open(connection: DeviceConnection): Disposable {
    const { deviceId } = connection;
    const connections = this.#byDevice.get(deviceId) ?? new Set();
    this.#byDevice.set(deviceId, connections);
    connections.add(connection);
    return { [Symbol.dispose]: () => this.#close(connection) };
  }

  /** The connections of a device as they are now, oldest first. */
  of(deviceId: string): readonly DeviceConnection[] {
    return [...this.#byDevice.get(deviceId) ?? []];
  }

  /** Ends every connection of a device; returns how many. */
  disconnect(deviceId: string): number {
    const connections = this.of(deviceId);
    for (const connection of connections) connection.end();
    return connections.length;
  }

  #close(connection: DeviceConnection): void {
    const { deviceId } = connection;
    const connections = this.#byDevice.get(deviceId);
    if (!connections?.delete(connection)) return;
    if (connections.size === 0) this.#byDevice.delete(deviceId);
  }
}
