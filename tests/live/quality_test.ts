import assert from "node:assert/strict";
import { qualityOf } from "../../src/live/quality.ts";

const PERFECT = {
  liveShare: 1,
  reconnectsPerHour: 0,
  longestSilenceMs: 60_000,
  lagMs: 1000,
};
const WORST = {
  liveShare: 0,
  reconnectsPerHour: 12,
  longestSilenceMs: 600_000,
  lagMs: 30_000,
};

Deno.test("qualityOf is 100 at best and 0 at worst", () => {
  assert.equal(qualityOf(PERFECT).score, 100);
  assert.equal(qualityOf(WORST).score, 0);
});

Deno.test("qualityOf weighs its parts", () => {
  const { parts } = qualityOf(PERFECT);
  const weights = Object.values(parts).map(({ weight }) => weight);
  assert.deepEqual(weights, [50, 20, 15, 15]);
  assert.equal(qualityOf({ ...PERFECT, liveShare: 0 }).score, 50);
  assert.equal(qualityOf({ ...PERFECT, reconnectsPerHour: 12 }).score, 80);
  assert.equal(qualityOf({ ...PERFECT, longestSilenceMs: 6e5 }).score, 85);
  assert.equal(qualityOf({ ...PERFECT, lagMs: 30_000 }).score, 85);
});

Deno.test("qualityOf shows each part with its value and score", () => {
  const { parts } = qualityOf({
    liveShare: 0.5,
    reconnectsPerHour: 3,
    longestSilenceMs: 330_000,
    lagMs: 15_500,
  });
  assert.deepEqual(parts, {
    liveShare: { value: 0.5, score: 50, weight: 50 },
    reconnectsPerHour: { value: 3, score: 75, weight: 20 },
    longestSilenceMs: { value: 330_000, score: 50, weight: 15 },
    lagMs: { value: 15_500, score: 50, weight: 15 },
  });
});

Deno.test("qualityOf gives nothing beyond best and worst", () => {
  const { parts } = qualityOf({
    liveShare: 1,
    reconnectsPerHour: 500,
    longestSilenceMs: 1,
    lagMs: 0,
  });
  const scores = Object.values(parts).map(({ score }) => score);
  assert.deepEqual(scores, [100, 0, 100, 100]);
});

Deno.test("qualityOf leaves out of the weights what is not known", () => {
  const { score, parts } = qualityOf({
    ...PERFECT,
    liveShare: 0,
    longestSilenceMs: null,
    lagMs: null,
  });
  assert.equal(score, Math.round(20 * 100 / 70));
  assert.deepEqual(parts.lagMs, { value: null, score: null, weight: 15 });
});

Deno.test("qualityOf is null before anything is known", () => {
  const unknown = {
    liveShare: null,
    reconnectsPerHour: null,
    longestSilenceMs: null,
    lagMs: 5,
  };
  assert.equal(qualityOf(unknown).score, null);
});
