import assert from "node:assert/strict";
import { fill } from "../../src/web/fill.ts";

Deno.test("fill puts values where their names are", () => {
  assert.equal(fill("{a} and {b}, {a}", { a: "x", b: 2 }), "x and 2, x");
});

Deno.test("fill leaves a name without a value, and values as they are", () => {
  assert.equal(
    fill("{a} {toString}", { a: "{b}$1", b: "no" }),
    "{b}$1 {toString}",
  );
});
