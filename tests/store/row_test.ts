import assert from "node:assert/strict";
import {
  integer,
  integerOrNull,
  json,
  storable,
  text,
  textOrNull,
} from "../../src/store/row.ts";
import { StoreError } from "../../src/store/store.ts";

const ROW = { name: "Ann", at: 5, none: null, list: '["a"]', broken: "{" };

function isDamaged(error: unknown): boolean {
  return error instanceof StoreError && error.failure === "corrupt";
}

Deno.test("row reads texts, numbers, nulls and JSON", () => {
  assert.equal(text(ROW, "name"), "Ann");
  assert.equal(textOrNull(ROW, "name"), "Ann");
  assert.equal(textOrNull(ROW, "none"), null);
  assert.equal(integer(ROW, "at"), 5);
  assert.equal(integerOrNull(ROW, "at"), 5);
  assert.equal(integerOrNull(ROW, "none"), null);
  assert.deepEqual(json(ROW, "list"), ["a"]);
});

Deno.test("row says that the database is damaged where a value is not as written", () => {
  assert.throws(() => text(ROW, "at"), isDamaged);
  assert.throws(() => text(ROW, "none"), isDamaged);
  assert.throws(() => text(ROW, "missing"), isDamaged);
  assert.throws(() => textOrNull(ROW, "missing"), isDamaged);
  assert.throws(() => integer(ROW, "name"), isDamaged);
  assert.throws(() => integerOrNull(ROW, "name"), isDamaged);
  assert.throws(() => json(ROW, "broken"), isDamaged);
  assert.throws(() => json(ROW, "none"), isDamaged);
});

Deno.test("storable keeps ordinary text, and replaces what a column cannot give back", () => {
  assert.equal(storable("Zoë 茶 👋 \"'"), "Zoë 茶 👋 \"'");
  assert.equal(storable("a\0b\0"), "a\uFFFDb\uFFFD");
  assert.equal(storable("a\uD800"), "a\uFFFD");
});
