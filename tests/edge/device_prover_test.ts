import assert from "node:assert/strict";
import { DeviceProver } from "../../src/edge/device_prover.ts";
import { TokenMinter } from "../../src/identity/token_minter.ts";
import { TokenVerifier } from "../../src/identity/token_verifier.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { UNPROVEN } from "./device_world.ts";
import { CLIENT_LIMITS } from "./edge_world.ts";

function newProver(isTokenRequired: boolean) {
  const clock = new FakeClock();
  const key = new TextEncoder().encode("k".repeat(32));
  const verifier = new TokenVerifier({ key, limits: CLIENT_LIMITS, clock });
  return {
    clock,
    minter: new TokenMinter(key, clock),
    prover: new DeviceProver({ verifier, isTokenRequired }),
  };
}

Deno.test("DeviceProver takes an id as given where no token is needed", async () => {
  const { prover } = newProver(false);
  assert.deepEqual(await prover.prove(null, "d1"), UNPROVEN);
});

Deno.test("DeviceProver needs a token where one is asked for", async () => {
  const { prover } = newProver(true);
  await assert.rejects(
    prover.prove(null, "d1"),
    new ChatError("token_invalid", { message: "A token is needed" }),
  );
});

Deno.test("DeviceProver believes a token about its own device alone", async () => {
  for (const isTokenRequired of [false, true]) {
    const { clock, minter, prover } = newProver(isTokenRequired);
    const ttlSecs = 60;
    const token = await minter.mint({
      userId: "d1",
      rooms: ["A"],
      expiresInSecs: ttlSecs,
    });
    assert.deepEqual(await prover.prove(token.token, "d1"), {
      isProven: true,
      isTokenAdmin: false,
      expiresAt: clock.now() + ttlSecs * 1000,
      rooms: new Set(["A"]),
    });
    await assert.rejects(
      prover.prove(token.token, "d2"),
      new ChatError("token_invalid", {
        message: "The token is another device's",
      }),
    );
    await assert.rejects(prover.prove("nonsense", "d1"), {
      code: "token_invalid",
    });
  }
});

Deno.test("DeviceProver makes no admin, whatever the token says", async () => {
  const { minter, prover } = newProver(true);
  const { token } = await minter.mint({
    userId: "d1",
    admin: true,
    expiresInSecs: 60,
  });
  assert.equal((await prover.prove(token, "d1")).isTokenAdmin, false);
});
