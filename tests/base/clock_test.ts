import assert from "node:assert/strict";
import { SystemClock } from "../../src/base/clock.ts";

function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => new SystemClock().after(delayMs, resolve));
}

Deno.test("SystemClock tells the machine's time in epoch ms", () => {
  const before = Date.now();
  const now = new SystemClock().now();
  assert(now >= before && now <= Date.now());
});

Deno.test("SystemClock counts on while a timer runs", async () => {
  const clock = new SystemClock();
  const startedAt = clock.monotonic();
  await after(2);
  assert(clock.monotonic() - startedAt >= 1);
});

Deno.test("SystemClock runs earlier timers first", async () => {
  const ran: number[] = [];
  const clock = new SystemClock();
  const last = new Promise<void>((resolve) => {
    clock.after(20, () => resolve(void ran.push(20)));
  });
  clock.after(1, () => ran.push(1));
  await last;
  assert.deepEqual(ran, [1, 20]);
});

Deno.test("SystemClock forgets a timer that is disposed", async () => {
  let isRun = false;
  new SystemClock().after(1, () => isRun = true)[Symbol.dispose]();
  await after(5);
  assert(!isRun);
});

Deno.test("SystemClock takes a past or very far delay for a timer", async () => {
  let isRun = false;
  using _far = new SystemClock().after(Number.MAX_SAFE_INTEGER, () => {
    isRun = true;
  });
  await after(-1);
  await after(1);
  assert(!isRun);
});
