import assert from "node:assert/strict";
import { BATCH_PROTOCOL } from "../../src/edge/batch_protocol.ts";
import type { ChatClient, Json } from "../support/chat_client.ts";
import { newPair } from "../support/chat_user.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { newTestApp } from "../support/test_app.ts";

/** Says so many messages, each a number, and waits until all are accepted. */
async function say(client: ChatClient, from: number, to: number) {
  for (let number = from; number <= to; number++) {
    client.say(`${number}`, `n${number}`);
  }
  await client.expectAck(`n${to}`);
}

/** Asks to be told what came after an entry. */
function comingBack(since: number, { epoch }: Json) {
  return { query: { since: `${since}`, epoch: String(epoch) } };
}

/** The contents of the messages received, in the order they came. */
function contents(client: ChatClient): string[] {
  return client.received.filter(({ type }) => type === "chat_message")
    .map(({ message }) => message.content);
}

function range(from: number, to: number): string[] {
  const count = to - from + 1;
  return Array.from({ length: count }, (_, index) => `${from + index}`);
}

Deno.test("A chat client that comes back gets what it missed, as it was live", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  const bobIn = await bob.enter(roomId);
  await say(annIn, 1, 10);
  await bobIn.expectChat("10");
  const { seq } = bobIn.received[bobIn.received.length - 1];
  await bobIn.close();
  await say(annIn, 11, 30);
  await using back = await bob.enter(roomId, comingBack(seq, bobIn.welcome));
  assert.equal(back.welcome.recovered, true);
  await say(annIn, 31, 31);
  await back.expectChat("31");
  assert.deepEqual(contents(back), range(11, 31));
  // What was missed comes before the user is here.
  const joined = back.types.indexOf("user_joined");
  assert.equal(
    back.types.slice(1, joined).join(),
    "chat_message,".repeat(20)
      .slice(0, -1),
  );
  // A message is its author's own in a resume, too.
  await using tab = await ann.enter(roomId, comingBack(seq, annIn.welcome));
  await tab.expectFrame("user_joined");
  const own = tab.received.find(({ type }) => type === "chat_message");
  assert.equal(own.message.is_own, true);
  const live = annIn.texts.filter((text) => text.includes('"content":"11"'));
  assert.equal(live[0], tab.texts.find((text) => text.includes('"11"')));
});

Deno.test("A chat client that knows another log, or is ahead of this one, starts anew", async () => {
  await using app = await newTestApp();
  const { ann, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await say(annIn, 1, 3);
  const { epoch } = annIn.welcome;
  const cases = [
    { since: 0, epoch: "another" },
    { since: 99, epoch },
  ];
  for (const { since, ...log } of cases) {
    await using back = await ann.enter(roomId, comingBack(since, log));
    assert.equal(back.welcome.recovered, false);
    await back.expectFrame("user_joined");
    await back.expectSilence();
  }
});

Deno.test("A chat client resumes across a restart of the server", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let pair: Awaited<ReturnType<typeof newPair>>;
  let welcome: Json;
  {
    await using app = await newTestApp(settings);
    pair = await newPair(app.url);
    await using annIn = await pair.ann.enter(pair.roomId);
    ({ welcome } = annIn);
    await say(annIn, 1, 5);
    const bobIn = await pair.bob.enter(pair.roomId);
    bobIn.send("read_status", { message_ids: [2, 3] });
    await bobIn.expectFrame("read_status_update");
    await bobIn.close();
  }
  await using app = await newTestApp(settings);
  const bob = pair.bob.at(app.url);
  await using back = await bob.enter(pair.roomId, comingBack(1, welcome));
  assert.equal(back.welcome.recovered, true);
  await back.expectFrame("user_joined");
  assert.deepEqual(contents(back), range(1, 5));
  const mark = await back.expectFrame("read_status_update");
  assert.deepEqual(mark.message_ids, [2, 3]);
});

Deno.test("A chat client too far behind is told of the gap instead", async () => {
  await using app = await newTestApp({ RESUME_ENTRIES_MAX: "20" });
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await say(annIn, 1, 20);
  {
    await using back = await bob.enter(roomId, comingBack(1, annIn.welcome));
    assert.equal(back.welcome.recovered, true);
    await back.expectFrame("user_joined");
    assert.deepEqual(contents(back), range(1, 20));
  }
  await using back = await bob.enter(roomId, comingBack(0, annIn.welcome));
  assert.equal(back.welcome.recovered, false);
  const gap = await back.expectFrame("gap");
  assert.deepEqual(gap, { type: "gap", from: 1, to: 21 });
});

Deno.test("A chat message has one receipt, however often it is sent", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId);
  const { id, ...ack } = await annIn.sayAndAck("did you get this?", "m-1");
  assert.deepEqual(ack, {
    type: "ack",
    client_msg_id: "m-1",
    message_id: 2,
    seq: 2,
    durability: "memory",
  });
  const again = await annIn.sayAndAck("did you get this?", "m-1");
  assert.deepEqual(again, { id, ...ack });
  // The same send by the other way in is the same message.
  const sent = await ann.ask(`POST chat/${roomId}/send/`, {
    content: "did you get this?",
    client_msg_id: "m-1",
  });
  assert.equal(sent.message.id, 2);
  // The same name from another user is another message.
  const other = await bobIn.sayAndAck("yes", "m-1");
  assert.equal(other.message_id, 3);
  await annIn.expectChat("yes");
  for (const client of [annIn, bobIn]) {
    assert.deepEqual(contents(client), ["did you get this?", "yes"]);
  }
});

Deno.test("A chat client pages through the history, each message as its reader sees it", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await using bobIn = await bob.enter(roomId);
  await say(annIn, 1, 25);
  const pages: Json[] = [];
  let before: number | undefined;
  do {
    const range = before === undefined ? {} : { before_seq: before };
    bobIn.send("history", { limit: 10, ...range });
    pages.unshift(await bobIn.expectFrame("history"));
    before = pages[0].messages[0].seq;
  } while (pages[0].has_more);
  const frames = pages.flatMap(({ messages }) => messages);
  assert.deepEqual(frames.map(({ seq }) => seq), range(1, 26).map(Number));
  assert.equal(frames[0].type, "room_opened");
  assert.deepEqual(
    frames.slice(1),
    bobIn.received.filter(({ type }) => type === "chat_message"),
  );
  annIn.send("history", { after_seq: 24, limit: 200 });
  const { messages } = await annIn.expectFrame("history");
  assert.deepEqual(
    messages.map(({ message }: Json) => [message.content, message.is_own]),
    [["24", true], ["25", true]],
  );
  for (const fields of [{ limit: 201 }, { before_seq: 1, after_seq: 1 }]) {
    annIn.send("history", fields);
    await annIn.expectError("bad_request");
  }
});

Deno.test("parlor.v1.batch joins what one turn says to a chat client", async () => {
  await using app = await newTestApp();
  const { ann, bob, roomId } = await newPair(app.url);
  await using annIn = await ann.enter(roomId);
  await say(annIn, 1, 40);
  const point = comingBack(1, annIn.welcome);
  const protocols = [BATCH_PROTOCOL];
  await using batched = await bob.enter(roomId, { ...point, protocols });
  await batched.expectFrame("user_joined");
  assert.equal(batched.protocol, BATCH_PROTOCOL);
  const [first = ""] = batched.texts;
  assert(first.split("\n").length > 40, first);
  await using plain = await bob.enter(roomId, point);
  await plain.expectFrame("user_joined");
  assert.equal(plain.protocol, "");
  const [, ...lines] = first.split("\n");
  assert.deepEqual(plain.texts.slice(1, 41), lines.slice(0, 40));
});
