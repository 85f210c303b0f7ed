import assert from "node:assert/strict";
import { nearestName } from "../../src/base/nearest_name.ts";

const NAMES = ["WS_BATCH_SIZE", "WS_BATCH_PRESET", "LOG_LEVEL", "ROOMS_MAX"];

Deno.test("nearestName finds the name that a misspelled one was meant to be", () => {
  assert.equal(nearestName("WS_BATCHSIZE", NAMES), "WS_BATCH_SIZE");
  assert.equal(nearestName("WS_BATCH_SZIE", NAMES), "WS_BATCH_SIZE");
  assert.equal(nearestName("ROOM_MAX", NAMES), "ROOMS_MAX");
});

Deno.test("nearestName overlooks case", () => {
  assert.equal(nearestName("log_level", NAMES), "LOG_LEVEL");
});

Deno.test("nearestName forgives one edit of a short name and two of a long one", () => {
  assert.equal(nearestName("LOG_LEVE", NAMES), "LOG_LEVEL");
  assert.equal(nearestName("LOG_LEV", NAMES), undefined);
  assert.equal(nearestName("WSBATCHSIZE", ["WS_BATCH_SIZE"]), undefined);
  assert.equal(nearestName("WSBATCH_SIZES", NAMES), "WS_BATCH_SIZE");
  assert.equal(nearestName("WS_BATCH_SIZERS1", NAMES), undefined);
});

Deno.test("nearestName prefers the fewer edits", () => {
  assert.equal(
    nearestName("QUEUE_BYTES_MA", ["QUEUE_BYTES_M", "QUEUE_BYTES_MAXX"]),
    "QUEUE_BYTES_M",
  );
});

Deno.test("nearestName has no answer for an unrelated name", () => {
  assert.equal(nearestName("HOME", NAMES), undefined);
  assert.equal(nearestName("", NAMES), undefined);
});
