import assert from "node:assert/strict";
import {
  decode,
  encodePushFrame,
} from "../../../../src/live/sources/douyin/proto.ts";
import {
  bytesField,
  fromHex,
  joinBytes,
  numberField,
  textField,
} from "../../../support/wire_bytes.ts";

Deno.test("decode gives numbers of 64 bits as text", () => {
  const bytes = joinBytes(
    textField(1, "m"),
    bytesField(2, Uint8Array.of(7)),
    numberField(3, 18_446_744_073_709_551_615n),
  );
  const { method, payload, msgId } = decode("Message", bytes);
  assert.equal(method, "m");
  assert.deepEqual([...payload], [7]);
  assert.equal(msgId, "18446744073709551615");
});

Deno.test("decode gives zeros for what is absent", () => {
  const { logId, headers } = decode("PushFrame", new Uint8Array());
  assert.deepEqual([logId, headers], ["0", []]);
  assert.deepEqual(decode("ControlMessage", new Uint8Array()), {
    common: null,
    status: 0,
  });
  assert.equal(decode("ChatMessage", new Uint8Array()).user, null);
});

Deno.test("decode passes over fields that it does not know", () => {
  const bytes = joinBytes(
    fromHex("1d 00000000  21 0000000000000000"),
    numberField(2047, 5),
    bytesField(9, textField(1, "x")),
    textField(1, "m"),
  );
  assert.equal(decode("Message", bytes).method, "m");
});

Deno.test("decode throws for what is truncated, endless or no text", () => {
  for (const hex of ["0a 05 61", "0a", "ff ff", "0a 02 fffe", "0b", "00 00"]) {
    assert.throws(() => decode("Message", fromHex(hex)), Error, hex);
  }
});

Deno.test("decode keeps no more levels than it knows", () => {
  let nested: Uint8Array = new Uint8Array();
  for (let level = 0; level < 500; level++) nested = bytesField(2, nested);
  assert.equal(decode("ChatMessage", nested).content, "");
});

Deno.test("encodePushFrame leaves out what is not said", () => {
  const bytes = encodePushFrame({ payloadType: "hb" });
  assert.deepEqual([...bytes], [0x3a, 2, 0x68, 0x62]);
});
