import assert from "node:assert/strict";
import {
  countFrom,
  instantFrom,
} from "../../../../src/live/sources/douyin/numbers.ts";

Deno.test("countFrom reads a count, and bounds it", () => {
  assert.equal(countFrom("12"), 12);
  assert.equal(countFrom("999999999"), 999_999_999);
  assert.equal(countFrom("1000000000"), 1_000_000_000);
  assert.equal(countFrom("1000000001"), 1_000_000_000);
  assert.equal(countFrom("18446744073709551615"), 1_000_000_000);
});

Deno.test("countFrom reads what is none as 0", () => {
  assert.equal(countFrom("0"), 0);
  assert.equal(countFrom("-3"), 0);
  assert.equal(countFrom("x"), 0);
});

Deno.test("instantFrom tells seconds from milliseconds", () => {
  assert.equal(instantFrom("1767225600"), 1_767_225_600_000);
  assert.equal(instantFrom("1767225600123"), 1_767_225_600_123);
});

Deno.test("instantFrom reads what is neither as 0", () => {
  assert.equal(instantFrom("0"), 0);
  assert.equal(instantFrom("1767225600123456"), 0);
  assert.equal(instantFrom("x"), 0);
});
