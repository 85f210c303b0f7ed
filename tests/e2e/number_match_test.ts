import assert from "node:assert/strict";
import { logInAll, refusalOf } from "../support/chat_user.ts";
import { newTestApp } from "../support/test_app.ts";

const PENDING_MS = 600_000;

Deno.test("Two who name the same four digits meet, and nobody else does", async () => {
  await using app = await newTestApp();
  const [ann, bob, cat] = await logInAll(app.url, "ann", "bob", "cat");
  assert(ann && bob && cat);
  for (const number of ["", "123", "12345", "12a4", "１２３４", null, [1234]]) {
    const answer = await ann.api("POST number-match/", { body: { number } });
    assert.deepEqual(refusalOf(answer), [400, "请输入4位数字"], `${number}`);
  }
  const first = await ann.ask("POST number-match/", { number: "0042" });
  assert.equal(first.matched, false);
  await using line = await ann.attend();
  assert.equal((await line.expectLink("pending")).number, "0042");
  const again = { body: { number: "0042" } };
  assert.equal((await ann.api("POST number-match/", again)).status, 400);
  const other = await cat.ask("POST number-match/", { number: "0043" });
  assert.equal(other.matched, false);
  const second = await bob.ask("POST number-match/", { number: "0042" });
  assert.match(second.room_id, /^match-[0-9a-f-]{36}$/);
  assert.equal(second.matched_user, "ann");
  assert.equal((await line.expectLink("matched")).room_id, second.room_id);
  const { message } = await cat.ask("POST number-match/cancel/");
  assert.equal(message, "已取消 1 个匹配请求");
  assert.equal((await cat.api("POST number-match/cancel/")).status, 404);
});

Deno.test("A request by number waits 10 minutes, beside one for anyone", async () => {
  await using app = await newTestApp();
  const [ann, bob] = await logInAll(app.url, "ann", "bob");
  assert(ann && bob);
  await ann.ask("POST number-match/", { number: "1234" });
  assert.equal((await ann.press()).matched, false);
  // Who presses for anyone is not matched with who waits for a number.
  await ann.ask("POST heart_link/cancel/");
  assert.equal((await bob.press()).matched, false);
  await app.clock.advance(PENDING_MS + 1);
  const late = await bob.ask("POST number-match/", { number: "1234" });
  assert.equal(late.matched, false);
});
