/**
 * The way in for devices, put together.
 *
 * @module
 */

import type { Core, CoreOptions } from "./core.ts";
import { newRoomId } from "./device/room_id.ts";
import { DeviceDialects } from "./edge/device_dialects.ts";
import { DeviceEndpoint } from "./edge/device_endpoint.ts";
import { DeviceProver } from "./edge/device_prover.ts";
import type { ReceptionOptions } from "./edge/reception.ts";
import { devicesDialect } from "./wire/devices_dialect.ts";

/** Makes the endpoint that both ports share. */
export function newDeviceEndpoint(
  shared: Omit<ReceptionOptions, "dialect"> & { onDisconnect: () => void },
  { config, ids }: Pick<CoreOptions, "config" | "ids">,
  { apiKey, deviceVerifier: verifier, devices }: Core,
): DeviceEndpoint {
  const { identityMsMax, isStamped, isTokenRequired } = config.device;
  return new DeviceEndpoint({
    ...shared,
    ...config.server,
    apiKey,
    devices,
    dialects: new DeviceDialects((features) =>
      devicesDialect({ ...features, isStamped })
    ),
    identityMsMax,
    newRoomId: () => newRoomId(ids),
    prover: new DeviceProver({ verifier, isTokenRequired }),
  });
}
