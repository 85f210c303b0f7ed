// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import { viewerCountOf } from "../../src/live/viewer_count.ts";

Deno.test("viewerCountOf reads the shape of the reference", () => {
  const data = { current_viewers: 812, total_viewers: "43.6万" };
  assert.deepEqual(viewerCountOf(data), {
    currentViewers: 812,
    totalViewers: "43.6万",
    totalViewersCount: 436_000,
  });
});

Deno.test("viewerCountOf takes the number that the source gives", () => {
  const data = { total_viewers: "43.6万", total_viewers_count: 436_123 };
  assert.equal(viewerCountOf(data).totalViewersCount, 436_123);
});

Deno.test("viewerCountOf reads numbers as texts and texts as numbers", () => {
  const data = { current_viewers: "1.2万", total_viewers: 5000 };
  assert.deepEqual(viewerCountOf(data), {
    currentViewers: 12_000,
    totalViewers: "5000",
    totalViewersCount: 5000,
  });
});

Deno.test("viewerCountOf is null for what is not said, or makes no sense", () => {
  const nothing = {
    currentViewers: null,
    totalViewers: null,
    totalViewersCount: null,
  };
  assert.deepEqual(viewerCountOf({}), nothing);
  assert.deepEqual(
    viewerCountOf({
      current_viewers: -1,
      total_viewers: "",
      total_viewers_count: NaN,
    }),
    nothing,
  );
  assert.deepEqual(
    viewerCountOf({ current_viewers: Infinity, total_viewers: {} }),
    nothing,
  );
});

Deno.test("viewerCountOf shows no text past 32 characters", () => {
  const shown = viewerCountOf({ total_viewers: "x".repeat(32) });
  assert.equal(shown.totalViewers, "x".repeat(32));
  const hidden = viewerCountOf({ total_viewers: "x".repeat(33) });
  assert.equal(hidden.totalViewers, null);
});
