import assert from "node:assert/strict";
import { LocalTime, spanText } from "../../cli/local_time.ts";

Deno.test("LocalTime writes an instant in its zone", () => {
  const at = Date.UTC(2026, 0, 1, 16, 5, 9, 999);
  assert.equal(new LocalTime("UTC").ms(at), "2026-01-01 16:05:09");
  assert.equal(new LocalTime("Asia/Shanghai").ms(at), "2026-01-02 00:05:09");
});

Deno.test("LocalTime writes midnight as hour 00", () => {
  assert.equal(
    new LocalTime("UTC").seconds(Date.UTC(2026, 11, 31) / 1000),
    "2026-12-31 00:00:00",
  );
});

Deno.test("LocalTime writes the number where it is no instant", () => {
  assert.equal(new LocalTime("UTC").ms(9e15), "9000000000000000");
});

Deno.test("spanText writes days only when there are any", () => {
  assert.equal(spanText(86_399), "23:59:59");
  assert.equal(spanText(86_400), "1d 00:00:00");
  assert.equal(spanText(0.9), "00:00:00");
});
