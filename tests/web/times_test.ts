import assert from "node:assert/strict";
import {
  clockText,
  dayText,
  instantText,
  leftText,
  timeText,
} from "../../src/web/times.ts";

Deno.test("leftText counts whole seconds down to nothing", () => {
  assert.equal(leftText(600_000), "10:00");
  assert.equal(leftText(599_001), "10:00");
  assert.equal(leftText(599_000), "9:59");
  assert.equal(leftText(1), "0:01");
  assert.equal(leftText(0), "0:00");
  assert.equal(leftText(-5000), "0:00");
});

Deno.test("times are written as the language has them", () => {
  const at = new Date(2026, 0, 2, 15, 4, 5).getTime();
  assert.match(timeText(at, "zh-CN"), /15:04/);
  assert.match(clockText(at, "en-GB"), /15:04:05/);
  assert.match(dayText(at, "en"), /Friday.*January 2.*2026/);
  assert.match(instantText(at, "en"), /Jan 2, 2026/);
});
