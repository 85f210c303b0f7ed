import assert from "node:assert/strict";
import { z } from "zod";
import { maybe } from "../../src/wire/maybe.ts";

const schema = z.object({ age: maybe(z.int()) });

Deno.test("maybe takes a value as its schema does", () => {
  assert.deepEqual(schema.parse({ age: 5 }), { age: 5 });
  assert.equal(schema.safeParse({ age: "5" }).success, false);
});

Deno.test("maybe takes null for absent", () => {
  assert.equal(schema.parse({}).age, undefined);
  assert.equal(schema.parse({ age: null }).age, undefined);
});
