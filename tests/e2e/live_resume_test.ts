import assert from "node:assert/strict";
import { chat, gift, newLiveWorld } from "../support/live_world.ts";

Deno.test("A viewer who comes back is told what was missed, once each, and goes on", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const first = await world.watch("77");
  for (let number = 1; number <= 10; number++) {
    connection.send(chat(`${number}`));
  }
  await first.expectChat("10");
  const { epoch } = first.snapshot;
  await first.close();
  for (let number = 11; number <= 150; number++) {
    connection.send(number % 10 === 0 ? gift(`${number}`) : chat(`${number}`));
  }
  await world.expectKept("77", 150);
  const second = await world.watch("77", { query: { since: "10", epoch } });
  assert.equal(second.snapshot.recovered, true);
  assert.deepEqual(second.snapshot.messages, []);
  connection.send(chat("151"));
  await second.expectChat("151");
  const numbers = second.messages.map(({ seq }) => seq);
  assert.deepEqual(numbers, Array.from({ length: 141 }, (_, i) => i + 11));
});

Deno.test("A viewer who comes back while messages rain misses none and has none twice", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  let viewer = await world.watch("77");
  const { epoch } = viewer.snapshot;
  const told: number[] = [];
  let sent = 0;
  for (let round = 0; round < 20; round++) {
    for (let count = 0; count < 100; count++) {
      connection.send(chat(`${++sent}`));
    }
    await viewer.expectFrame("live_message");
    await viewer.close();
    told.push(...viewer.messages.map(({ seq }) => seq));
    for (let count = 0; count < 100; count++) {
      connection.send(chat(`${++sent}`));
    }
    const query = { since: `${told.at(-1)}`, epoch };
    viewer = await world.watch("77", { query });
    assert.equal(viewer.snapshot.recovered, true);
  }
  await viewer.expectChat(`${sent}`);
  told.push(...viewer.messages.map(({ seq }) => seq));
  assert.deepEqual(told, Array.from({ length: sent }, (_, index) => index + 1));
  await world.log("77");
});

Deno.test("A viewer of another epoch, or from the future, begins with a snapshot", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const first = await world.watch("77");
  connection.send(chat("1"));
  await first.expectChat("1");
  const { epoch } = first.snapshot;
  const queries = [
    { since: "1", epoch: "another" },
    { since: "99", epoch },
    { since: "1" },
  ];
  for (const query of queries) {
    const viewer = await world.watch("77", { query });
    assert.equal(viewer.snapshot.recovered, false);
    assert.equal(viewer.snapshot.messages.length, 1);
  }
});

Deno.test("A page of history is as the log has it", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  for (let number = 1; number <= 100; number++) {
    connection.send(chat(`${number}`));
  }
  await viewer.expectChat("100");
  const log = await world.log("77");
  viewer.send("history", { before_seq: 51, limit: 20 });
  const before = await viewer.expectFrame("history");
  assert.deepEqual(before.messages, log.slice(30, 50));
  assert.equal(before.has_more, true);
  viewer.send("history", { after_seq: 90, limit: 20 });
  const after = await viewer.expectFrame("history");
  assert.deepEqual(after.messages, log.slice(90));
  assert.equal(after.has_more, false);
});

Deno.test("A room that the operator ends closes its viewers with 4003, and its link goes on in a new one", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send(chat("old"));
  await viewer.expectChat("old");
  const { room_id: oldId, epoch } = viewer.snapshot;
  const ended = await world.app.api(`DELETE /management/rooms/${oldId}`);
  assert.equal(ended.status, 204, JSON.stringify(ended.body));
  await viewer.expectClosed(4003);
  assert.equal((await world.ask("77")).state, "live");
  connection.send(chat("new"));
  await world.expectKept("77", 1);
  const { room_id: newId } = await world.ask("77");
  assert.notEqual(newId, oldId);
  const query = { since: "1", epoch };
  const again = await world.watch("77", { query });
  assert.equal(again.snapshot.room_id, newId);
  assert.equal(again.snapshot.recovered, false);
  assert.deepEqual(
    again.snapshot.messages.map(({ data }: { data: { content: string } }) =>
      data.content
    ),
    ["new"],
  );
  connection.send(chat("newer"));
  await again.expectChat("newer");
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("A room that ends while its link says nothing can be watched again at once", async () => {
  await using world = await newLiveWorld();
  await world.start("77");
  const viewer = await world.watch("77");
  const { room_id: oldId } = viewer.snapshot;
  await world.app.api(`DELETE /management/rooms/${oldId}`);
  await viewer.expectClosed(4003);
  const again = await world.watch("77");
  assert.notEqual(again.snapshot.room_id, oldId);
});
