import assert from "node:assert/strict";
import { secretFault } from "../../src/base/webhook_secret.ts";

function base64Secret(bytes: number): string {
  return `whsec_${btoa("k".repeat(bytes))}`;
}

Deno.test("secretFault finds nothing wrong with a base64 secret of 16..64 bytes", () => {
  const fault = "base64 of 16..64 bytes after whsec_";
  const faults = [15, 16, 24, 64, 65].map((bytes) =>
    secretFault(base64Secret(bytes))
  );
  assert.deepEqual(faults, [fault, undefined, undefined, undefined, fault]);
});

Deno.test("secretFault refuses a base64 secret that libraries read differently", () => {
  const right = base64Secret(24);
  for (const wrong of [`${right}=`, `${right}!`, "whsec_", `${right} `]) {
    assert.match(secretFault(wrong) ?? "", /^base64/, wrong);
  }
  const unpadded = base64Secret(25).replace(/=+$/, "");
  assert.match(secretFault(unpadded) ?? "", /^base64/);
});

Deno.test("secretFault takes any other secret of 16 characters or more as it is", () => {
  assert.equal(secretFault("0123456789abcde"), "at least 16 characters");
  assert.equal(secretFault("0123456789abcdef"), undefined);
  assert.equal(secretFault("a long ~ passphrase!"), undefined);
});

Deno.test("secretFault refuses characters that have no one meaning in bytes", () => {
  for (
    const wrong of ["0123456789abcdé", "0123456789ab,cdef", "0123456\n89abcdef"]
  ) {
    assert.match(secretFault(`${wrong}0`) ?? "", /^ASCII/, wrong);
  }
});
