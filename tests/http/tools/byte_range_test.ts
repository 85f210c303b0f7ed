import assert from "node:assert/strict";
import { byteRange } from "../../../src/http/tools/byte_range.ts";

Deno.test("byteRange reads one range, cut at the end of the file", () => {
  assert.deepEqual(byteRange("bytes=0-0", 10), { from: 0, to: 0 });
  assert.deepEqual(byteRange("bytes=3-5", 10), { from: 3, to: 5 });
  assert.deepEqual(byteRange("bytes=9-", 10), { from: 9, to: 9 });
  assert.deepEqual(byteRange("bytes=3-99", 10), { from: 3, to: 9 });
});

Deno.test("byteRange reads the end of a file", () => {
  assert.deepEqual(byteRange("bytes=-1", 10), { from: 9, to: 9 });
  assert.deepEqual(byteRange("bytes=-10", 10), { from: 0, to: 9 });
  assert.deepEqual(byteRange("bytes=-11", 10), { from: 0, to: 9 });
});

Deno.test("byteRange says when the file has nothing of it", () => {
  for (const header of ["bytes=10-", "bytes=10-12", "bytes=-0"]) {
    assert.equal(byteRange(header, 10), "unfit", header);
  }
});

Deno.test("byteRange passes over what is no single range", () => {
  const headers = ["bytes=5-2", "bytes=-", "bytes=0-1,3-4", "x", "lines=1-2"];
  for (const header of [undefined, ...headers, `bytes=${"9".repeat(16)}-`]) {
    assert.equal(byteRange(header, 10), undefined, header);
  }
});
