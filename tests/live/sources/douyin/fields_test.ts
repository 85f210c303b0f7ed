import assert from "node:assert/strict";
import { checkFieldCount } from "../../../../src/live/sources/douyin/fields.ts";
import { fromHex } from "../../../support/wire_bytes.ts";

Deno.test("checkFieldCount counts fields of every type, not those within", () => {
  // A varint, 64 bits, bytes that hold two fields, 32 bits.
  const bytes = fromHex(
    "08 01  11 0000000000000000  1a 04 08010801  25 00000000",
  );
  checkFieldCount(bytes, 5);
  checkFieldCount(bytes, 4);
  assert.throws(() => checkFieldCount(bytes, 3), RangeError);
  checkFieldCount(new Uint8Array(), 0);
});

Deno.test("checkFieldCount throws for what is malformed", () => {
  for (const hex of ["0a 05 61", "08", "0b 0c", "0e", "0f"]) {
    assert.throws(() => checkFieldCount(fromHex(hex), 9), Error, hex);
  }
});
