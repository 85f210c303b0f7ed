import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { nextTurn } from "../../../../src/base/turn.ts";
import {
  UNPACKED_BYTES_MAX,
  Unpacker,
} from "../../../../src/live/sources/douyin/unpack.ts";

function zeros(bytes: number): Uint8Array {
  return gzipSync(new Uint8Array(bytes));
}

async function sizeOf(unpacked: unknown): Promise<unknown> {
  const result = await unpacked;
  return result instanceof Uint8Array ? result.length : result;
}

Deno.test("Unpacker unpacks a small frame at once", () => {
  const unpacked = new Unpacker().unpack(gzipSync(Uint8Array.of(1, 2, 3)));
  assert(unpacked instanceof Uint8Array);
  assert.deepEqual([...unpacked], [1, 2, 3]);
});

Deno.test("Unpacker gives the event loop its turns within a large frame", async () => {
  let turns = 0;
  const unpacker = new Unpacker((next) => {
    turns += 1;
    nextTurn(next);
  });
  const packed = gzipSync(new Uint8Array(4 * 1024 * 1024).fill(7));
  const unpacked = await unpacker.unpack(packed);
  assert(unpacked instanceof Uint8Array);
  assert.equal(unpacked.length, 4 * 1024 * 1024);
  assert(unpacked.every((byte) => byte === 7));
  assert(turns >= 4, `${turns} turns`);
});

Deno.test("Unpacker unpacks one byte below its bound", async () => {
  const packed = zeros(UNPACKED_BYTES_MAX - 1);
  assert.equal(
    await sizeOf(new Unpacker().unpack(packed)),
    UNPACKED_BYTES_MAX - 1,
  );
});

Deno.test("Unpacker unpacks as much as its bound", async () => {
  const packed = zeros(UNPACKED_BYTES_MAX);
  assert.equal(await sizeOf(new Unpacker().unpack(packed)), UNPACKED_BYTES_MAX);
});

Deno.test("Unpacker refuses one byte more", async () => {
  const packed = zeros(UNPACKED_BYTES_MAX + 1);
  assert.equal(
    await sizeOf(new Unpacker().unpack(packed)),
    "unpacked_too_large",
  );
});

Deno.test("Unpacker stops a bomb at the bound", async () => {
  let turns = 0;
  const unpacker = new Unpacker((next) => {
    turns += 1;
    nextTurn(next);
  });
  const bomb = zeros(4 * UNPACKED_BYTES_MAX);
  assert(bomb.length < 200_000);
  assert.equal(await unpacker.unpack(bomb), "unpacked_too_large");
  // 256 KiB a turn: what is beyond the bound was never made.
  assert(turns <= UNPACKED_BYTES_MAX / (256 * 1024), `${turns} turns`);
});

Deno.test("Unpacker unpacks large frames one at a time, and goes on after a bad one", async () => {
  const unpacker = new Unpacker();
  const all = [
    unpacker.unpack(zeros(UNPACKED_BYTES_MAX + 1)),
    unpacker.unpack(zeros(1024 * 1024)),
  ];
  assert.deepEqual(await Promise.all(all.map(sizeOf)), [
    "unpacked_too_large",
    1024 * 1024,
  ]);
});

Deno.test("Unpacker says of what gzip did not pack that it is malformed", async () => {
  const packed = gzipSync(new TextEncoder().encode("some text"));
  const unpacker = new Unpacker();
  assert.equal(unpacker.unpack(Uint8Array.of(0x1f, 0x8b, 1, 2)), "malformed");
  assert.equal(unpacker.unpack(new Uint8Array()), "malformed");
  assert.equal(unpacker.unpack(packed.subarray(0, -6)), "malformed");
  const large = zeros(2 * 1024 * 1024);
  assert.equal(await unpacker.unpack(large.subarray(0, -6)), "malformed");
});
