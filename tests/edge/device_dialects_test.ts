import assert from "node:assert/strict";
import {
  DeviceDialects,
  type DeviceFeatures,
} from "../../src/edge/device_dialects.ts";
import { devicesDialect } from "../../src/wire/devices_dialect.ts";

Deno.test("DeviceDialects makes each variant once", () => {
  const made: DeviceFeatures[] = [];
  const dialects = new DeviceDialects((features) => {
    made.push(features);
    return devicesDialect({ ...features, isStamped: false });
  });
  const variants: DeviceFeatures[] = [
    { hasEnvelope: false, hasAcks: false },
    { hasEnvelope: false, hasAcks: true },
    { hasEnvelope: true, hasAcks: false },
    { hasEnvelope: true, hasAcks: true },
  ];
  const first = variants.map((features) => dialects.of(features));
  assert.deepEqual(made, variants);
  assert.equal(new Set(first).size, 4);
  assert.deepEqual(variants.map((one) => dialects.of({ ...one })), first);
  assert.equal(made.length, 4);
});
