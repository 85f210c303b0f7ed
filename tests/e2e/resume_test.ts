import assert from "node:assert/strict";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp, type TestApp } from "../support/test_app.ts";
import type { WsClient } from "../support/ws_client.ts";

/** Says so many messages, each a number, and waits until all are accepted. */
async function say(client: WsClient, from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number++) {
    client.sendChat(`${number}`, `n${number}`);
  }
  await client.expectAck(`n${to}`);
}

/** Joins where another stay left off. */
function comeBack(
  app: TestApp,
  roomId: string,
  userId: string,
  { since, epoch }: { since: number; epoch: unknown },
): Promise<WsClient> {
  const query = { since: `${since}`, epoch: String(epoch) };
  return app.joinRoom(roomId, userId, { query });
}

/** The numbers of the messages received, in the order they came. */
function seqs(client: WsClient): number[] {
  return client.received.filter(({ type }) => type === "Message")
    .map(({ seq }) => Number(seq));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

Deno.test("A client that comes back gets what it missed, then goes on live", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const { epoch } = ann.welcome;
  await say(ann, 1, 30);
  const bob = await comeBack(app, roomId, "bob", { since: 10, epoch });
  assert.equal(bob.welcome.recovered, true);
  assert.equal(bob.welcome.last_seq, 30);
  await say(ann, 31, 31);
  await bob.expectChat("31");
  assert.deepEqual(seqs(bob), range(11, 31));
  // What is resumed is the text that was live.
  assert.deepEqual(ann.texts.filter((text) => text.includes('"seq":20')), [
    ...bob.texts.filter((text) => text.includes('"seq":20')),
    ...ann.texts.filter((text) =>
      text.includes('"seq":20') && text.includes('"Ack"')
    ),
  ]);
});

Deno.test("A client that missed nothing, or knows another log, gets nothing old", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const { epoch } = ann.welcome;
  await say(ann, 1, 3);
  const cases = [
    { since: 3, epoch, recovered: true },
    { since: 4, epoch, recovered: false },
    { since: 0, epoch: "another", recovered: false },
  ];
  for (const { recovered, ...point } of cases) {
    const bob = await comeBack(app, roomId, "bob", point);
    assert.equal(bob.welcome.recovered, recovered, JSON.stringify(point));
    await app.expectSilence(bob);
  }
});

Deno.test("A log goes on across a restart, and so does who resumes it", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let roomId: string;
  let epoch: unknown;
  {
    await using app = await newTestApp(settings);
    roomId = await app.createRoom();
    const ann = await app.joinRoom(roomId, "ann");
    ({ epoch } = ann.welcome);
    await say(ann, 1, 20);
  }
  await using app = await newTestApp(settings);
  const bob = await comeBack(app, roomId, "bob", { since: 5, epoch });
  assert.equal(bob.welcome.recovered, true);
  assert.equal(bob.welcome.epoch, epoch);
  const ann = await app.joinRoom(roomId, "ann");
  assert.equal(ann.welcome.last_seq, 20);
  await say(ann, 21, 21);
  await bob.expectChat("21");
  assert.deepEqual(seqs(bob), range(6, 21));
});

Deno.test("A long replay comes from the database, whole, while others talk", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  await using app = await newTestApp(settings, { isRealTime: true });
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const { epoch } = ann.welcome;
  // 1000 stay in memory: the first 1500 are the database's alone.
  await say(ann, 1, 2500);
  const clients = await Promise.all(
    ["bob", "cat", "dan"].map((user, index) =>
      comeBack(app, roomId, user, { since: index * 100, epoch })
    ),
  );
  await say(ann, 2501, 3000);
  for (const [index, client] of clients.entries()) {
    await client.expectChat("3000");
    assert.equal(client.welcome.recovered, true);
    assert.deepEqual(seqs(client), range(index * 100 + 1, 3000));
  }
});

Deno.test("A client too far behind is told of the gap instead", async () => {
  await using app = await newTestApp({ RESUME_ENTRIES_MAX: "20" });
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const { epoch } = ann.welcome;
  await say(ann, 1, 21);
  for (const [since, first] of [[2, 3], [1, 2]] as const) {
    const bob = await comeBack(app, roomId, "bob", { since, epoch });
    assert.equal(bob.welcome.recovered, true);
    await bob.expectChat("21");
    assert.deepEqual(seqs(bob), range(first, 21));
  }
  const bob = await comeBack(app, roomId, "bob", { since: 0, epoch });
  assert.equal(bob.welcome.recovered, false);
  assert.deepEqual(await bob.expectFrame("Gap"), {
    type: "Gap",
    payload: { from: 1, to: 21 },
  });
  await say(ann, 22, 22);
  await bob.expectChat("22");
  assert.deepEqual(seqs(bob), [22]);
});

Deno.test("A resume shows a deleted message as deleted", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  const { epoch } = ann.welcome;
  await say(ann, 1, 2);
  await app.api(`DELETE /management/rooms/${roomId}/messages/1`);
  const bob = await comeBack(app, roomId, "bob", { since: 0, epoch });
  const [first, second] = await bob.expectFrames("Message", 2);
  assert.equal(first?.payload?.["content"], "");
  assert.equal(first?.["deleted"], true);
  assert.equal(second?.payload?.["content"], "2");
  await bob.expectFrame("MessageDeleted");
});
