/**
 * The devices dialect in its variants: what a device asks for when it connects
 * decides which frames it is sent.
 *
 * There is one instance of each, since what a room says is encoded once for
 * all who share one.
 *
 * @module
 */

import type { Dialect } from "../wire/dialect.ts";

/** What a device may ask for. */
export interface DeviceFeatures {
  /** Whether each message comes with its number and sender. */
  readonly hasEnvelope: boolean;
  /** Whether messages with a `client_msg_id` are acknowledged. */
  readonly hasAcks: boolean;
}

/** The variants of one server. */
export class DeviceDialects {
  readonly #make: (features: DeviceFeatures) => Dialect;
  readonly #made = new Map<string, Dialect>();

  /** @param make makes a variant; called once for each. */
  constructor(make: (features: DeviceFeatures) => Dialect) {
    this.#make = make;
  }

  /** The variant with these features, the same each time. */
  of({ hasAcks, hasEnvelope }: DeviceFeatures): Dialect {
    const key = `${hasEnvelope} ${hasAcks}`;
    const made = this.#made.get(key) ?? this.#make({ hasEnvelope, hasAcks });
    this.#made.set(key, made);
    return made;
  }
}
