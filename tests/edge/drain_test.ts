import assert from "node:assert/strict";
import { drain } from "../../src/edge/drain.ts";
import type { SocketSession } from "../../src/edge/socket_session.ts";
import { FakeClock } from "../support/fake_clock.ts";

function newCrowd(count: number) {
  const clock = new FakeClock();
  const closed: { at: number; text: string }[] = [];
  const startedAt = clock.now();
  const session = {
    breakOff: (code: string, hint: string) =>
      closed.push({ at: clock.now() - startedAt, text: `${code}${hint}` }),
  } as unknown as SocketSession;
  const connections = {
    sessions: () => new Array(count).fill(session),
    allClosed: () => new Promise<void>(() => {}),
  };
  const ids = { uuid: () => "", fraction: () => 0.5 };
  const done = drain({ connections, clock, ids, totalMsMax: 3000 });
  return { clock, closed, done };
}

Deno.test("drain() closes a few connections at once", async () => {
  const { clock, closed, done } = newCrowd(1);
  await clock.advance(300);
  await done;
  assert.deepEqual(closed, [
    { at: 0, text: "shutting_down; retry_after_ms=2500" },
  ]);
});

Deno.test("drain() closes many connections in rounds, within its time", async () => {
  const { clock, closed, done } = newCrowd(1000);
  assert.equal(closed.length, 100);
  await clock.advance(300);
  assert.equal(closed.length, 200);
  await clock.advance(2700);
  assert.equal(closed.length, 1000);
  await done;
  assert.equal(closed.at(-1)?.at, 2700);
});

Deno.test("drain() ends once every socket is closed, and leaves no timer", async () => {
  const clock = new FakeClock();
  const connections = {
    sessions: () => [],
    allClosed: () => Promise.resolve(),
  };
  const ids = { uuid: () => "", fraction: () => 0.5 };
  await drain({ connections, clock, ids, totalMsMax: 3000 });
  assert.equal(clock.armed, 0);
});
