import assert from "node:assert/strict";
import {
  newMsToken,
  newPlatformId,
} from "../../../../src/live/sources/douyin/random_text.ts";

const LOWEST = { fraction: () => 0 };
const HIGHEST = { fraction: () => 1 - Number.EPSILON };

Deno.test("newMsToken is 182 characters", () => {
  assert.equal(newMsToken(LOWEST), "A".repeat(182));
  assert.equal(newMsToken(HIGHEST), "_".repeat(182));
});

Deno.test("newPlatformId is 19 digits", () => {
  assert.equal(newPlatformId(LOWEST), `7${"0".repeat(18)}`);
  assert.equal(newPlatformId(HIGHEST), `7${"9".repeat(18)}`);
});
