import assert from "node:assert/strict";
import { readResponse } from "../../../../src/live/sources/douyin/response.ts";
import {
  bytesField,
  fromHex,
  joinBytes,
  numberField,
} from "../../../support/wire_bytes.ts";

const EMPTY_MESSAGE = fromHex("0a 00");

/** The same bytes many times. */
function times(count: number, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(count * bytes.length);
  for (let at = 0; at < all.length; at += bytes.length) all.set(bytes, at);
  return all;
}

Deno.test("readResponse reads a response by its field numbers", () => {
  // 1: 0a 00, 1: 0b, 2: "c", 5: "ext", 7: {"k": "v"}, 8: 10, 9: true.
  const response = readResponse(fromHex(`
    0a 02 0a00  0a 01 0b  12 01 63  2a 03 657874
    3a 06 0a016b 120176  40 0a  48 01
  `));
  assert.deepEqual(response.messages.map((bytes) => [...bytes]), [
    [0x0a, 0],
    [0x0b],
  ]);
  assert.equal(new TextDecoder().decode(response.internalExt), "ext");
  assert.equal(response.heartbeatS, 10);
  assert.equal(response.needAck, true);
  assert.equal(response.isCut, false);
});

Deno.test("readResponse gives zeros for what is absent", () => {
  assert.deepEqual(readResponse(new Uint8Array()), {
    messages: [],
    isCut: false,
    internalExt: new Uint8Array(),
    heartbeatS: 0,
    needAck: false,
  });
});

Deno.test("readResponse passes over fields of another type than they have", () => {
  const response = readResponse(fromHex("08 05  28 01  4a 01 01  42 01 09"));
  assert.deepEqual(response.messages, []);
  assert.equal(response.needAck, false);
  assert.equal(response.heartbeatS, 0);
});

Deno.test("readResponse throws for what is truncated, endless or a group", () => {
  for (const hex of ["0a 05 0a", "0a", "ff ff", "0b 0c", "63 64"]) {
    assert.throws(() => readResponse(fromHex(hex)), Error, hex);
  }
});

Deno.test("readResponse reads 10,000 messages, and says that there are more", () => {
  for (const count of [9_999, 10_000, 10_001]) {
    const isCut = count > 10_000;
    const response = readResponse(
      joinBytes(times(count, EMPTY_MESSAGE), numberField(9, 1)),
    );
    assert.equal(response.messages.length, Math.min(count, 10_000));
    assert.equal(response.isCut, isCut);
    assert.equal(response.needAck, !isCut);
  }
});

Deno.test("readResponse makes nothing of millions of messages", () => {
  const bomb = times(8 * 1024 * 1024, EMPTY_MESSAGE);
  const { messages, isCut } = readResponse(bomb);
  assert.equal(messages.length, 10_000);
  assert.equal(isCut, true);
});

Deno.test("readResponse reads at most 1000 fields beside the messages", () => {
  const other = fromHex("18 01");
  assert.equal(readResponse(times(1000, other)).isCut, false);
  assert.throws(() => readResponse(times(1001, other)));
});

Deno.test("readResponse takes an internal ext of at most 16 KiB", () => {
  const ext = (bytes: number) => bytesField(5, new Uint8Array(bytes));
  assert.equal(readResponse(ext(16_384)).internalExt.length, 16_384);
  assert.throws(() => readResponse(ext(16_385)));
});
