import assert from "node:assert/strict";
import { systemIds } from "../../src/base/ids.ts";

Deno.test("systemIds makes a new UUID each time", () => {
  const one = systemIds.uuid();
  assert.match(
    one,
    /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  );
  assert.notEqual(systemIds.uuid(), one);
});

Deno.test("systemIds makes fractions from 0 up to and without 1", () => {
  const fractions = Array.from({ length: 1000 }, () => systemIds.fraction());
  assert(fractions.every((one) => one >= 0 && one < 1));
  assert(new Set(fractions).size > 900);
});
