/**
 * Whether a device is the one that it says it is, by its token.
 *
 * A token is always checked when there is one, also where none is needed: a
 * device whose token has run out should hear of it, and not lose its proof
 * unnoticed.
 *
 * @module
 */

import type { TokenVerifier } from "../identity/token_verifier.ts";
import { ChatError } from "../wire/errors.ts";
import type { DeviceProof, DeviceProofs } from "./device_ports.ts";

export interface DeviceProverOptions {
  readonly verifier: Pick<TokenVerifier, "verify">;
  /** Whether a device id alone is nobody. */
  readonly isTokenRequired: boolean;
}

/** Checks tokens that are bound to a device's id. */
export class DeviceProver implements DeviceProofs {
  readonly #options: DeviceProverOptions;

  constructor(options: DeviceProverOptions) {
    this.#options = options;
  }

  /**
   * What vouches for a device id.
   *
   * @throws ChatError `token_invalid`, also when a token is needed and `null`;
   * or what the verifier says.
   */
  async prove(token: string | null, deviceId: string): Promise<DeviceProof> {
    const { isTokenRequired, verifier } = this.#options;
    const shared = { isTokenAdmin: false };
    if (token !== null) {
      const { expiresAt, rooms, userId } = await verifier.verify(token);
      if (userId !== deviceId) refuse("The token is another device's");
      return { ...shared, isProven: true, expiresAt, rooms };
    }
    if (isTokenRequired) refuse("A token is needed");
    return { ...shared, isProven: false, expiresAt: null, rooms: null };
  }
}

function refuse(message: string): never {
  throw new ChatError("token_invalid", { message });
}
