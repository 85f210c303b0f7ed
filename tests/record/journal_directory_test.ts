import assert from "node:assert/strict";
import {
  damagedName,
  isSegmentName,
  segmentName,
  segmentNumberOf,
} from "../../src/record/journal_directory.ts";

Deno.test("segmentName sorts as its number does", () => {
  const names = [1, 2, 9, 10, 99, 1000].map(segmentName);
  assert.deepEqual(names.toSorted(), names);
  assert.equal(names[0], "0000000001.ndjson");
});

Deno.test("segmentNumberOf reads the number of a segment, damaged or not", () => {
  for (const number of [1, 42, 9_999_999_999, 10_000_000_000]) {
    const name = segmentName(number);
    assert.equal(segmentNumberOf(name), number);
    assert.equal(segmentNumberOf(damagedName(name)), number);
  }
});

Deno.test("segmentNumberOf knows no other file", () => {
  const others = ["1.ndjson", "000000000x.ndjson", "0000000001.json", "a.db"];
  for (const name of others) assert.equal(segmentNumberOf(name), undefined);
});

Deno.test("isSegmentName leaves out damaged segments", () => {
  assert.equal(isSegmentName(segmentName(1)), true);
  assert.equal(isSegmentName(damagedName(segmentName(1))), false);
  assert.equal(isSegmentName("x.ndjson"), false);
});
