import assert from "node:assert/strict";
import { SilenceWatch, SWEEP_MAX } from "../../src/presence/silence_watch.ts";
import { UserPresence } from "../../src/presence/user_presence.ts";
import { FakeClock } from "../support/fake_clock.ts";

function newWatch(awayAfterMs = 60_000) {
  const clock = new FakeClock();
  const away: string[] = [];
  const watch = new SilenceWatch({
    clock,
    awayAfterMs,
    onAway: ({ userId }) => void away.push(userId),
  });
  const online = (userId: string) => {
    const at = { now: clock.now(), monotonic: clock.monotonic() };
    const person = { userId, nickname: userId };
    const user = new UserPresence(person, at);
    user.open({ ...person, id: userId, roomId: null }, at);
    watch.watch(user);
    return user;
  };
  return { clock, away, watch, online };
}

Deno.test("SilenceWatch looks each second for who is silent", async () => {
  const { clock, away, watch, online } = newWatch();
  watch.start();
  online("ann");
  await clock.advance(500);
  online("bob");
  await clock.advance(59_500);
  assert.deepEqual(away, ["ann"]);
  await clock.advance(1000);
  assert.deepEqual(away, ["ann", "bob"]);
  watch.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("SilenceWatch looks again at who did something meanwhile", async () => {
  const { clock, away, watch, online } = newWatch();
  watch.start();
  const ann = online("ann");
  await clock.advance(30_000);
  ann.act({ now: clock.now(), monotonic: clock.monotonic() });
  watch.watch(ann);
  await clock.advance(59_999);
  assert.deepEqual(away, []);
  await clock.advance(1);
  assert.deepEqual(away, ["ann"]);
  watch.stop();
});

Deno.test("SilenceWatch passes over who is watched no more", async () => {
  const { clock, away, watch, online } = newWatch();
  watch.start();
  watch.unwatch(online("ann"));
  await clock.advance(120_000);
  assert.deepEqual(away, []);
  watch.stop();
});

Deno.test("SilenceWatch goes on soon when one look was not enough", async () => {
  const { clock, away, watch, online } = newWatch();
  for (let index = 0; index <= SWEEP_MAX; index++) online(`u${index}`);
  await clock.advance(59_999);
  watch.start();
  await clock.advance(1000);
  assert.equal(away.length, SWEEP_MAX);
  await clock.advance(10);
  assert.equal(away.length, SWEEP_MAX + 1);
  watch.stop();
});

Deno.test("SilenceWatch arms nothing when nobody is to become away", () => {
  const { clock, watch, online } = newWatch(0);
  online("ann");
  watch.start();
  assert.equal(clock.armed, 0);
  assert.equal(watch.sweep(), false);
  watch.stop();
});
