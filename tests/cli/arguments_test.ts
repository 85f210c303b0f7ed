import assert from "node:assert/strict";
import {
  durationSecs,
  instantSecs,
  integerIn,
  jsonValue,
  nonEmpty,
} from "../../cli/arguments.ts";

Deno.test("nonEmpty takes text as it is and refuses blanks", () => {
  assert.equal(nonEmpty(" a "), " a ");
  assert.throws(() => nonEmpty("  "), /want some text/);
});

Deno.test("integerIn takes its bounds and nothing beyond", () => {
  const parse = integerIn(2, 10);
  assert.equal(parse("2"), 2);
  assert.equal(parse("10"), 10);
  for (const input of ["1", "11", "-2", "2.5", "1e1", "", "two", " 3"]) {
    assert.throws(() => parse(input), /want an integer in 2\.\.10/, input);
  }
});

Deno.test("durationSecs reads units and takes bare seconds", () => {
  assert.equal(durationSecs("90"), 90);
  assert.equal(durationSecs("90s"), 90);
  assert.equal(durationSecs("10m"), 600);
  assert.equal(durationSecs("2h"), 7200);
  assert.equal(durationSecs("7d"), 604_800);
});

Deno.test("durationSecs refuses what is no duration, or none at all", () => {
  for (const input of ["0", "0d", "", "m", "1w", "-1", "1.5h", "1h30m"]) {
    assert.throws(() => durationSecs(input), /want a duration/, input);
  }
});

Deno.test("instantSecs reads unix seconds and ISO text", () => {
  assert.equal(instantSecs("1767225600"), 1_767_225_600);
  assert.equal(instantSecs("2026-01-01T00:00:00Z"), 1_767_225_600);
  assert.equal(instantSecs("2026-01-01"), 1_767_225_600);
  assert.equal(instantSecs("2026-01-01T08:00:00+08:00"), 1_767_225_600);
});

Deno.test("instantSecs refuses what only looks like a time", () => {
  for (const input of ["yesterday", "-5", "2026-13-01", "", "1/2/26"]) {
    assert.throws(() => instantSecs(input), /want unix seconds/, input);
  }
});

Deno.test("jsonValue reads any JSON and refuses the rest", () => {
  assert.deepEqual(jsonValue('{"a":[1]}'), { value: { a: [1] } });
  assert.deepEqual(jsonValue("null"), { value: null });
  assert.throws(() => jsonValue("{a:1}"), /want JSON/);
});
