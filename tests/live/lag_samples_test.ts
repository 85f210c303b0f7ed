import assert from "node:assert/strict";
import { LagSamples } from "../../src/live/lag_samples.ts";

const NOW = 1_000_000;

/** Samples a second apart, the last one at `NOW`. */
function sampled(...lags: number[]): LagSamples {
  const samples = new LagSamples();
  for (const [index, lag] of lags.entries()) {
    const now = NOW - (lags.length - 1 - index) * 1000;
    samples.note(now - lag, now);
  }
  return samples;
}

Deno.test("LagSamples answers the median", () => {
  assert.equal(sampled(5000, 10, 200).median(NOW), 200);
  assert.equal(sampled(100, 200, 301, 9000).median(NOW), 251);
  assert.equal(sampled(7).median(NOW), 7);
});

Deno.test("LagSamples answers null without any", () => {
  assert.equal(new LagSamples().median(NOW), null);
});

Deno.test("LagSamples takes one message a second", () => {
  const samples = sampled(100);
  samples.note(NOW + 999 - 9000, NOW + 999);
  assert.equal(samples.median(NOW + 999), 100);
  samples.note(NOW + 1000 - 9000, NOW + 1000);
  assert.equal(samples.median(NOW + 1000), 4550);
});

Deno.test("LagSamples holds 120 of them", () => {
  const lags = [...new Array(61).fill(9000), ...new Array(60).fill(10)];
  assert.equal(sampled(...lags).median(NOW), 4505, "60 of each are left");
});

Deno.test("LagSamples forgets what is 5 minutes old", () => {
  const samples = sampled(100);
  assert.equal(samples.median(NOW + 300_000), 100);
  assert.equal(samples.median(NOW + 300_001), null);
});

Deno.test("LagSamples counts what is early as in time", () => {
  assert.equal(sampled(-5000).median(NOW), 0);
});

Deno.test("LagSamples takes no time that is none", () => {
  assert.equal(sampled(NaN).median(NOW), null);
  assert.equal(sampled(Infinity).median(NOW), null);
});

Deno.test("LagSamples begins anew when the clock steps back", () => {
  const samples = sampled(100, 100);
  samples.note(NOW - 60_000 - 7, NOW - 60_000);
  assert.equal(samples.median(NOW - 60_000), 7);
});
