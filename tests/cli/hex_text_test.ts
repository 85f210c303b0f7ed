import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { hexText } from "../../cli/hex_text.ts";

function hexOf(...bytes: number[]): string {
  return hexText(Buffer.from(bytes).toString("base64"));
}

Deno.test("hexText shows bytes and how many they are", () => {
  assert.equal(hexOf(1, 2, 255, 0), "hex 4 bytes: 01 02 ff 00");
  assert.equal(hexOf(10), "hex 1 byte: 0a");
  assert.equal(hexOf(1, 2, 3), "hex 3 bytes: 01 02 03");
  assert.equal(hexText(""), "hex 0 bytes:");
});

Deno.test("hexText shows the first 64 bytes of more", () => {
  const shown = (count: number) => hexOf(...Array(count).fill(171));
  const ab = (count: number) => Array(count).fill("ab").join(" ");
  assert.equal(shown(63), `hex 63 bytes: ${ab(63)}`);
  assert.equal(shown(64), `hex 64 bytes: ${ab(64)}`);
  assert.equal(shown(65), `hex 65 bytes: ${ab(64)} … 65 bytes`);
  assert.equal(shown(65_536), `hex 65536 bytes: ${ab(64)} … 65536 bytes`);
});

Deno.test("hexText does not fail on what is no base64", () => {
  assert.match(hexText("%\x1b"), /^hex \d bytes?:$/);
});
