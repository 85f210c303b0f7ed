import assert from "node:assert/strict";
import {
  ChatUser,
  liveRooms,
  logInAll,
  matchUp,
} from "../support/chat_user.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp } from "../support/test_app.ts";

const PENDING_MS = 600_000;

Deno.test("A request, and a match, outlive a restart, and their times go on", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  const clock = new FakeClock();
  let users: ChatUser[];
  let roomId: string;
  {
    await using app = await newTestApp(settings, { clock });
    users = await logInAll(app.url, "ann", "bob", "cat", "dan");
    const [ann, bob, cat] = users;
    assert(ann && bob && cat);
    roomId = await matchUp(ann, bob);
    await cat.press();
    await clock.advance(PENDING_MS - 60_000);
  }
  await using app = await newTestApp(settings, { clock });
  const [ann, , cat, dan] = users.map((user) => user.at(app.url));
  assert(ann && cat && dan);
  assert.equal((await ann.press()).room_id, roomId);
  assert.equal(await cat.linkStatus(), "pending");
  assert.equal((await cat.api("POST heart_link/create/")).status, 400);
  assert.equal((await dan.press()).matched_user, "cat");
});

Deno.test("A request that was too old at the restart is expired by it", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  const clock = new FakeClock();
  let ann: ChatUser;
  {
    await using app = await newTestApp(settings, { clock });
    ann = await ChatUser.logIn(app.url, "ann");
    await ann.press();
  }
  await clock.advance(PENDING_MS + 1);
  await using app = await newTestApp(settings, { clock });
  ann = ann.at(app.url);
  assert.equal(await ann.linkStatus(), "expired");
  await app.idle();
  assert.deepEqual(await liveRooms(app.url), []);
});
