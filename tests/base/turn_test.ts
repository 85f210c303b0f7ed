import assert from "node:assert/strict";
import { SystemClock } from "../../src/base/clock.ts";
import { nextTurn } from "../../src/base/turn.ts";

Deno.test("nextTurn runs after the promises of this turn", async () => {
  const ran: string[] = [];
  const done = new Promise<void>((resolve) => {
    nextTurn(() => resolve(void ran.push("turn")));
  });
  Promise.resolve().then(() => ran.push("promise"));
  ran.push("now");
  await done;
  assert.deepEqual(ran, ["now", "promise", "turn"]);
});

Deno.test("nextTurn lets a timer run although the loop never rests", async () => {
  let isDue = false;
  new SystemClock().after(1, () => isDue = true);
  // A loop over promises alone would never end here.
  while (!isDue) await new Promise<void>((resolve) => nextTurn(resolve));
  assert(isDue);
});
