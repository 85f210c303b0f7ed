import assert from "node:assert/strict";
import { liveRooms, logInAll } from "../support/chat_user.ts";
import { newTestApp } from "../support/test_app.ts";

Deno.test("1,000 users who press at once are matched into 500 rooms, nobody twice", async () => {
  await using app = await newTestApp();
  const names = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
  const users = await logInAll(app.url, ...names);
  const answers = await Promise.all(users.map((user) => user.press()));
  const matched = answers.filter((answer) => answer.matched);
  assert.equal(matched.length, 500);
  const partners = new Map<string, string>();
  const byRoom = new Map<string, string[]>();
  for (const user of users) {
    const link = await user.ask("GET heart_link/status/");
    assert.equal(link.status, "matched", user.userId);
    partners.set(user.userId, link.matched_user);
    const guests = byRoom.get(link.room_id) ?? [];
    byRoom.set(link.room_id, [...guests, user.userId]);
  }
  for (const [user, partner] of partners) {
    assert.notEqual(user, partner);
    assert.equal(partners.get(partner), user);
  }
  assert.equal(byRoom.size, 500);
  for (const [roomId, guests] of byRoom) {
    assert.equal(guests.length, 2, roomId);
    assert.equal(partners.get(guests[0] ?? ""), guests[1]);
  }
  assert.deepEqual(new Set(await liveRooms(app.url)), new Set(byRoom.keys()));
});

Deno.test("Two who press and cancel at once are matched or cancelled, never both", async () => {
  await using app = await newTestApp();
  for (let round = 0; round < 20; round++) {
    const [ann, bob] = await logInAll(app.url, `ann${round}`, `bob${round}`);
    assert(ann && bob);
    await ann.press();
    const [, cancelled] = await Promise.all([
      bob.press(),
      ann.api("POST heart_link/cancel/"),
    ]);
    const status = await ann.linkStatus();
    assert.equal(status, cancelled.status === 200 ? "cancelled" : "matched");
    const theirs = status === "matched" ? "matched" : "pending";
    assert.equal(await bob.linkStatus(), theirs);
    if (theirs === "pending") await bob.ask("POST heart_link/cancel/");
  }
});
