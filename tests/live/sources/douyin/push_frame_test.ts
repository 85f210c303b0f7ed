import assert from "node:assert/strict";
import {
  ackFrame,
  HEARTBEAT,
  openPushFrame,
} from "../../../../src/live/sources/douyin/push_frame.ts";
import { pushBytes } from "../../../support/douyin_frames.ts";
import { fromHex, joinBytes } from "../../../support/wire_bytes.ts";

/** The type of a frame that brings messages. */
const MSG = fromHex("3a 03 6d7367");

Deno.test("HEARTBEAT is the platform's four bytes", () => {
  assert.deepEqual([...HEARTBEAT], [0x3a, 0x02, 0x68, 0x62]);
});

Deno.test("openPushFrame reads a frame by its field numbers", () => {
  // 2: 18446744073709551615, 5: {1: "compress_type", 2: "gzip"}, 7: "msg",
  // 8: 01 02.
  const frame = fromHex(`
    10 ffffffffffffffffff01
    2a 15 0a 0d 636f6d70726573735f74797065 12 04 677a6970
    3a 03 6d7367
    42 02 0102
  `);
  const pushed = openPushFrame(frame);
  assert.equal(pushed?.logId, "18446744073709551615");
  assert.equal(pushed?.isPacked, true);
  assert.deepEqual([...pushed?.payload ?? []], [1, 2]);
});

Deno.test("openPushFrame knows what gzip packed by its first bytes", () => {
  const packed = fromHex("3a 03 6d7367 42 03 1f8b08");
  const plain = fromHex("3a 03 6d7367 42 03 0a0000");
  assert.equal(openPushFrame(packed)?.isPacked, true);
  assert.equal(openPushFrame(plain)?.isPacked, false);
});

Deno.test("openPushFrame answers null for what brings no messages", () => {
  const frame = pushBytes(new Uint8Array(), { type: "hb", isPacked: false });
  assert.equal(openPushFrame(frame), null);
  assert.equal(openPushFrame(new Uint8Array()), null);
});

Deno.test("openPushFrame throws for a truncated frame", () => {
  assert.throws(() => openPushFrame(fromHex("3a 03 6d7367 42 09 01")));
});

Deno.test("openPushFrame reads at most 1000 fields", () => {
  const header = fromHex("2a 00");
  const frame = (count: number) =>
    joinBytes(...new Array<Uint8Array>(count - 1).fill(header), MSG);
  assert.equal(openPushFrame(frame(1000))?.logId, "0");
  assert.throws(() => openPushFrame(frame(1001)));
});

Deno.test("ackFrame says the number, the word and the internal ext", () => {
  assert.deepEqual(
    Uint8Array.from(ackFrame("18446744073709551615", fromHex("c3a9"))),
    fromHex("10 ffffffffffffffffff01  3a 03 61636b  42 02 c3a9"),
  );
});
