import assert from "node:assert/strict";
import fc from "fast-check";
import { folderName } from "../../src/upload/upload_folder.ts";

Deno.test("folderName keeps the id of an ordinary room", () => {
  const id = "3f0c2b1e-6a3d-4b57-9c1f-2d8e4a5b6c7d";
  assert.equal(folderName(id), id);
  assert.equal(folderName("public-room"), "public-room");
});

Deno.test("folderName never leaves its folder", () => {
  for (
    const id of [
      "..",
      ".",
      "",
      "a/b",
      "../../etc",
      "a\\b",
      "é".repeat(128),
      "a\0b",
    ]
  ) {
    assert.match(folderName(id), /^~[0-9a-f]{64}$/, id);
  }
});

Deno.test("folderName tells capitals apart on a disk that does not", () => {
  const names = ["Hall", "hall", "HALL"].map(folderName);
  const folded = names.map((name) => name.toLowerCase());
  assert.equal(new Set(folded).size, 3);
});

Deno.test("folderName gives two rooms two folders", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(fc.property(text, text, (left, right) => {
    const isSame = folderName(left) === folderName(right);
    assert.equal(isSame, left === right);
  }));
});
