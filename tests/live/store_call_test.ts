import assert from "node:assert/strict";
import { storeCall } from "../../src/live/store_call.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { during } from "./supervisor_world.ts";

Deno.test("storeCall answers or throws what the database does, in 5 s", async () => {
  const clock = new FakeClock();
  assert.equal(await storeCall(clock, () => Promise.resolve(7)), 7);
  const failed = storeCall(clock, () => Promise.reject(new Error("disk full")));
  await assert.rejects(failed, { message: "disk full" });
  const hung = storeCall(clock, () => new Promise(() => {}));
  assert.equal((await during(clock, 5000, hung)).status, "rejected");
  assert.equal(clock.armed, 0);
});
