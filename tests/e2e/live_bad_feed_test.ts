import assert from "node:assert/strict";
import type { LiveClient } from "../support/live_client.ts";
import type { Misbehaviour } from "../support/live_misbehaviour.ts";
import {
  chat,
  gift,
  type LiveWorld,
  newLiveWorld,
} from "../support/live_world.ts";

/** A feed that misbehaves, at full speed, until so much of it is told. */
async function feed(
  world: LiveWorld,
  how: Misbehaviour,
  messageCount: number,
): Promise<LiveClient> {
  world.upstream.misbehave(how, { liveId: "77", times: 1 });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  world.upstream.setRate(1000);
  for (;;) {
    await viewer.expect(({ type }) => type === "live_message", "a message");
    if (world.upstream.saidCount("77") >= messageCount) break;
  }
  world.upstream.setRate(0);
  await connection.sent();
  // The last of all that is told: behind whatever was said before.
  connection.send(gift("last"));
  connection.send(chat("last"));
  await viewer.expectChat("last");
  return viewer;
}

/** The ids that the upstream gave, as the log has them. */
async function loggedIds(world: LiveWorld): Promise<string[]> {
  const log = await world.log("77");
  return log.map(({ data }) => data.id).filter((id) => id.startsWith("77-"));
}

/** Asserts that the log has each message that was said, once. */
async function assertEachOnce(world: LiveWorld): Promise<void> {
  const ids = await loggedIds(world);
  const said = world.upstream.saidCount("77");
  const wanted = Array.from({ length: said }, (_, index) => `77-${index + 1}`);
  assert.deepEqual(ids.toSorted(), wanted.toSorted());
}

/** Asserts that what a viewer was told has each number once at most. */
function assertToldOnce(viewer: LiveClient): void {
  const told = new Set<number>();
  for (const { seq, from_seq: fromSeq, conflated } of viewer.messages) {
    if (conflated === undefined) {
      assert(!told.has(seq), `${seq} was told twice`);
      told.add(seq);
    } else assert(fromSeq < seq && conflated >= 2);
  }
}

const HOWS: readonly Misbehaviour[] = [
  { kind: "garbage" },
  { kind: "one_bad" },
  { kind: "duplicate" },
  { kind: "reorder" },
];

for (const how of HOWS) {
  Deno.test(`A feed with ${how.kind} is in the log once, each message of it, and the link stays`, async () => {
    await using world = await newLiveWorld();
    const viewer = await feed(world, how, 500);
    await assertEachOnce(world);
    assertToldOnce(viewer);
    const { state, reconnect_count: count } = await world.ask("77");
    assert.deepEqual([state, count], ["live", 0]);
    assert.equal(world.upstream.triedCount("77"), 1);
  });
}

Deno.test("A message that does not parse takes none of its neighbours with it, and is counted", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  const bad = [
    "{",
    "[]]",
    '"chat"',
    "17",
    "null",
    '{"type":17}',
    '{"type":"chat"}',
    '{"type":"like","count":-1}',
    '{"type":"unheard_of"}',
    new Array(2_000).fill("[").join(""),
  ];
  const said: string[] = [];
  for (const [index, text] of bad.entries()) {
    connection.send(text);
    said.push(`n${index}`);
    connection.send(chat(`n${index}`));
  }
  connection.sendBinary(new Uint8Array([0xff, 0xfe, 0x00]));
  said.push("last");
  connection.send(chat("last"));
  await viewer.expectChat("last");
  assert.deepEqual(viewer.contents, said);
  assert.deepEqual(await world.logged("77"), said);
  const { values } = await world.app.app.core.metrics.liveFeedFaults.get();
  const count = values.reduce((sum, { value }) => sum + value, 0);
  assert.equal(count, bad.length + 1);
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("One bad message in a frame of several is passed over alone", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send([chat("1"), { type: "chat" }, chat("2")]);
  connection.send(
    [chat("3"), chat("4")].map((one) => JSON.stringify(one)).join("\n{\n"),
  );
  await viewer.expectChat("4");
  assert.deepEqual(viewer.contents, ["1", "2", "3", "4"]);
});

Deno.test("A message that comes again after a reconnect, and long after, is told once", async () => {
  await using world = await newLiveWorld();
  const first = await world.start("77");
  const viewer = await world.watch("77");
  const said = Array.from({ length: 300 }, (_, index) => `n${index}`);
  for (const content of said) first.send(chat(content));
  await viewer.expectChat("n299");
  first.drop();
  await world.expectState("77", "waiting");
  await world.pass(1000);
  const second = await world.connected("77");
  for (const content of said.toReversed()) second.send(chat(content));
  second.send(chat("new"));
  await viewer.expectChat("new");
  assert.deepEqual(viewer.contents, [...said, "new"]);
  assert.deepEqual(await world.logged("77"), [...said, "new"]);
  assert.equal((await world.ask("77")).stats.chats, 301);
});

Deno.test("Messages without an id are all kept, also those that look alike", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  for (let count = 0; count < 3; count++) {
    connection.send(chat("same", { id: undefined }));
  }
  connection.send(chat("last"));
  await viewer.expectChat("last");
  assert.deepEqual(viewer.contents, ["same", "same", "same", "last"]);
});

Deno.test("A message beyond its bound is passed over, and a frame beyond its bound ends the connection", async () => {
  await using world = await newLiveWorld({
    source: { frame_bytes_max: 131_072 },
  });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send(chat("x".repeat(65_536), { id: "large" }));
  connection.send(chat("fits"));
  await viewer.expectChat("fits");
  assert.equal((await world.ask("77")).state, "live");
  connection.send(chat("x".repeat(131_072), { id: "larger" }));
  const waiting = await world.expectState("77", "waiting");
  assert.equal(waiting.fault, "frame_too_large");
  await world.pass(1000);
  const again = await world.connected("77");
  again.send(chat("back"));
  await viewer.expectChat("back");
  assert.deepEqual(viewer.contents, ["fits", "back"]);
});
