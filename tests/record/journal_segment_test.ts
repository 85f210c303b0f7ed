import assert from "node:assert/strict";
import { JournalSegment } from "../../src/record/journal_segment.ts";

/** A file that takes a few bytes a write and can be told to fail. */
function newSegment() {
  const file = {
    text: "",
    bytesMax: Infinity,
    canTruncate: true,
    closes: 0,
  };
  const released: string[] = [];
  const segment = new JournalSegment("one", {
    write: (bytes) => {
      const written = bytes.subarray(0, Math.min(4, file.bytesMax));
      file.bytesMax -= written.length;
      file.text += new TextDecoder().decode(written);
      return written.length;
    },
    truncate: (bytes) => {
      if (!file.canTruncate) throw new Error("Input/output error");
      file.text = file.text.slice(0, bytes);
    },
    sync: () => Promise.resolve(),
    syncNow: () => {},
    close: () => void (file.closes += 1),
  }, ({ name }) => released.push(name));
  return { segment, file, released };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

Deno.test("JournalSegment writes on until all bytes are taken", () => {
  const { segment, file } = newSegment();
  segment.append(bytes("0123456789"), 2);
  assert.equal(file.text, "0123456789");
  assert.equal(segment.bytes, 10);
  assert.equal(segment.held, 2);
});

Deno.test("JournalSegment is cut back when the disk takes no more", () => {
  const { segment, file } = newSegment();
  segment.append(bytes("first"), 1);
  file.bytesMax = 6;
  assert.throws(() => segment.append(bytes("0123456789"), 1), {
    message: "Cannot write: the disk took no byte",
  });
  assert.equal(file.text, "first");
  assert.equal(segment.bytes, 5);
  assert.equal(segment.held, 1);
  assert.equal(segment.isTorn, false);
});

Deno.test("JournalSegment is torn while it cannot be cut back", () => {
  const { segment, file } = newSegment();
  file.bytesMax = 6;
  file.canTruncate = false;
  assert.throws(() => segment.append(bytes("0123456789"), 1));
  assert.equal(segment.isTorn, true);
  assert.equal(segment.bytes, 0);
});

Deno.test("JournalSegment tells when the last record it held is released", () => {
  const { segment, released } = newSegment();
  segment.append(bytes("123"), 3);
  segment.release(2);
  assert.deepEqual(released, []);
  segment.release(1);
  assert.deepEqual(released, ["one"]);
});

Deno.test("JournalSegment can be emptied, unless the disk refuses", () => {
  const { segment, file } = newSegment();
  segment.append(bytes("first"), 1);
  file.canTruncate = false;
  segment.empty();
  assert.equal(segment.bytes, 5);
  file.canTruncate = true;
  segment.empty();
  assert.equal(segment.bytes, 0);
  assert.equal(file.text, "");
});

Deno.test("JournalSegment closes its file once", () => {
  const { segment, file } = newSegment();
  segment.close();
  segment.close();
  assert.equal(file.closes, 1);
});
