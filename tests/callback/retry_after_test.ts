import assert from "node:assert/strict";
import {
  readRetryAfter,
  RETRY_AFTER_MS_MAX,
} from "../../src/callback/retry_after.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const DAY_SECS = 86_400;

function read(text: string | null): number | null {
  return readRetryAfter(text, NOW);
}

Deno.test("readRetryAfter reads seconds", () => {
  assert.equal(read("120"), 120_000);
  assert.equal(read(" 7 "), 7000);
  assert.equal(read("0"), 0);
});

Deno.test("readRetryAfter reads a date in each of its three forms", () => {
  assert.equal(read("Thu, 01 Jan 2026 12:01:30 GMT"), 90_000);
  assert.equal(read("Thursday, 01-Jan-26 12:01:30 GMT"), 90_000);
  assert.equal(read("Thu Jan  1 12:01:30 2026"), 90_000);
  assert.equal(read("Thu, 01 Jan 2026 12:00:00 GMT"), 0);
});

Deno.test("readRetryAfter believes a day at most", () => {
  assert.equal(read(`${DAY_SECS - 1}`), RETRY_AFTER_MS_MAX - 1000);
  assert.equal(read(`${DAY_SECS}`), RETRY_AFTER_MS_MAX);
  assert.equal(read(`${DAY_SECS + 1}`), RETRY_AFTER_MS_MAX);
  assert.equal(read("9".repeat(400)), RETRY_AFTER_MS_MAX);
  assert.equal(read("Fri, 01 Jan 2027 12:00:00 GMT"), RETRY_AFTER_MS_MAX);
});

Deno.test("readRetryAfter answers null to what asks for no wait", () => {
  const texts = [
    "",
    "-5",
    "1.5",
    "1e3",
    "soon",
    "5 minutes",
    "2026-01-01T12:01:30Z",
    "Thu, 01 Jan 2026 11:59:59 GMT",
    "Thu, 99 Foo 2026 12:00:00 GMT",
    "Thu Jan 99 12:01:30 2026",
  ];
  for (const text of texts) assert.equal(read(text), null, text);
  assert.equal(read(null), null);
});
