import assert from "node:assert/strict";
import {
  RepeatGuard,
  REPEATS_MAX,
  type Saying,
} from "../../../src/http/tools/repeat_guard.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function newGuard() {
  const clock = new FakeClock();
  const guard = new RepeatGuard(clock);
  const count = { said: 0 };
  function say(content: string, more: Partial<Saying> = {}): Promise<void> {
    const saying = { roomId: "r1", userId: "u1", content, ...more };
    return guard.once(saying, () => {
      count.said += 1;
      return Promise.resolve();
    });
  }
  return { clock, guard, say, count };
}

function refused(retryAfterMs: number) {
  return (cause: unknown) =>
    cause instanceof ChatError && cause.code === "rate_limited" &&
    cause.retryAfterMs === retryAfterMs;
}

Deno.test("RepeatGuard refuses the same text for a second", async () => {
  const { clock, say, count } = newGuard();
  await say("你好");
  await assert.rejects(say("你好"), refused(1000));
  await clock.advance(999);
  await assert.rejects(say("你好"), refused(1));
  await clock.advance(1);
  await say("你好");
  assert.equal(count.said, 2);
});

Deno.test("RepeatGuard lets another text, file, room or user pass", async () => {
  const { say, count } = newGuard();
  await say("a");
  await say("b");
  await say("a", { roomId: "r2" });
  await say("a", { userId: "u2" });
  await say("a", { fileUrl: "/a.png" });
  assert.equal(count.said, 5);
  await assert.rejects(say("a"), refused(1000));
});

Deno.test("RepeatGuard takes the sender's own id again for a retry", async () => {
  const { say, count } = newGuard();
  await say("a", { clientMsgId: "c1" });
  await say("a", { clientMsgId: "c1" });
  assert.equal(count.said, 2);
  await assert.rejects(say("a", { clientMsgId: "c2" }), refused(1000));
  await assert.rejects(say("a"), refused(1000));
});

Deno.test("RepeatGuard counts what is being said, and not what failed", async () => {
  const { guard, say } = newGuard();
  const saying = { roomId: "r1", userId: "u1", content: "a" };
  const { promise, reject } = Promise.withResolvers<void>();
  const first = guard.once(saying, () => promise);
  await assert.rejects(say("a"), refused(1000));
  reject(new Error("no place"));
  await assert.rejects(first, /no place/);
  await say("a");
});

Deno.test("RepeatGuard does not mind a wall clock that is set back", async () => {
  const { clock, say } = newGuard();
  await say("a");
  clock.setBack(3_600_000);
  await clock.advance(1000);
  await say("a");
});

Deno.test("RepeatGuard remembers a second, and so many texts at most", async () => {
  const { clock, guard, say } = newGuard();
  for (let index = 0; index < REPEATS_MAX; index++) await say(`${index}`);
  assert.equal(guard.size, REPEATS_MAX);
  await say("one more");
  assert.equal(guard.size, REPEATS_MAX);
  await assert.rejects(say("1"), refused(1000));
  await clock.advance(1000);
  await say("later");
  assert.equal(guard.size, 1);
});
